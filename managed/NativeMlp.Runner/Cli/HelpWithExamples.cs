// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Cli;

/// <summary>The action of --help: shows a command, its options, and examples.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const string Lists =
        "A,B is a list of names. The option may be repeated. A name that contains a comma is enclosed in double quotation marks: --ignore '\"a,b\",c'.";

    private static readonly Dictionary<string, string[]> Examples = new()
    {
        ["nativemlp"] = ["nativemlp demo", "nativemlp train --data moons", "nativemlp help train"],
        ["train"] =
        [
            "nativemlp train adult.csv.gz --label label --test adult_test.csv.gz --out runs/adult",
            "nativemlp train houses.csv --label price --categorical zip --folds 5 --out runs/houses",
            "nativemlp train houses.csv --label price --ignore id,note --ignore '\"street, number\"'",
            "nativemlp train --data spirals --hidden 64,32 --activation gelu",
            "nativemlp train --data mnist --data-dir DIR --epochs 5 --validation 0.1",
            "nativemlp train --data mnist --data-dir DIR --optimizer adamw --schedule cosine",
            "nativemlp train --data cifar10 --data-dir DIR --preset cs231n-a1",
            "nativemlp train --resume runs/adult",
            "nativemlp train --config runs/adult/config.json --out runs/again",
        ],
        ["summary"] = ["nativemlp summary runs/adult", "nativemlp summary runs/adult/best.safetensors --json"],
        ["report"] = ["nativemlp report runs/adult", "nativemlp report runs/adult --svg figures"],
        ["compare"] = ["nativemlp compare runs/first runs/second", "nativemlp compare runs --html compare.html"],
        ["inspect"] = ["nativemlp inspect adult.csv.gz --label label", "nativemlp inspect export.txt --delimiter tab --decimal , --json"],
        ["evaluate"] = ["nativemlp evaluate runs/adult adult_test.csv.gz --by sex", "nativemlp evaluate MODEL moons", "nativemlp evaluate MODEL mnist --data-dir DIR --json"],
        ["predict"] =
        [
            "nativemlp predict runs/adult new.csv --out answers.csv --keep id",
            "nativemlp predict runs/adult - --format jsonl --on-error skip < new.csv",
            "nativemlp predict MODEL moons --data-dir DIR --json",
        ],
        ["explain"] = ["nativemlp explain runs/adult adult_test.csv.gz", "nativemlp explain runs/adult adult_test.csv.gz --repeats 30 --json"],
        ["export"] =
        [
            "nativemlp export runs/adult adult.onnx",
            "nativemlp export runs/adult adult.onnx --inputs encoded --logits",
            "nativemlp export runs/adult --c adult.h --csharp Adult.cs",
            "nativemlp export MODEL weights.safetensors --names sequential",
        ],
        ["import"] =
        [
            "nativemlp import model.onnx --out model.safetensors",
            "nativemlp import weights.safetensors --activation relu --out model.safetensors",
        ],
        ["gradcheck"] = ["nativemlp gradcheck", "nativemlp gradcheck --hidden 6,5 --activation gelu --norm layer --loss hinge"],
        ["demo"] = ["nativemlp demo", "nativemlp demo two-layer-net --data-dir DIR"],
        ["two-layer-net"] = ["nativemlp demo two-layer-net", "nativemlp demo two-layer-net --data-dir DIR --out pictures"],
        ["info"] = ["nativemlp info", "nativemlp info --json"],
        ["help"] = ["nativemlp help train", "nativemlp help demo two-layer-net"],
    };

    public override int Invoke(ParseResult parseResult)
    {
        int width = Terminal.TextWidth;
        new HelpAction { MaxWidth = width }.Invoke(parseResult);
        if (parseResult.CommandResult.Command.Options.Any(option => option.HelpName?.StartsWith("A,B", StringComparison.Ordinal) == true))
            Console.Out.WriteLine(string.Join('\n', Terminal.Wrap(Lists, width)) + "\n");
        if (!Examples.TryGetValue(parseResult.CommandResult.Command.Name, out string[]? examples))
            return ExitCodes.Done;
        Console.Out.WriteLine("Examples:");
        foreach (string example in examples)
            Console.Out.WriteLine("  " + string.Join("\n    ", Terminal.Wrap(example, width - 4)));
        Console.Out.WriteLine();
        return ExitCodes.Done;
    }
}
