// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using NativeMlp.Runner.Demos;
using NativeMlp.Runner.Demos.TwoLayerNet;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Jobs.Exchange;
using NativeMlp.Runner.Jobs.Tables;
using NativeMlp.Runner.Jobs.Verify;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Cli;

/// <summary>The commands, and what is said when the words do not make one.</summary>
internal static class RunnerCommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parse = Create().Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0 || UnknownOption(parse) is not null)
            return Failure.Report(ExitCodes.Usage, Complaint(parse));
        return await parse.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are the host's
        });
    }

    private static Command Create()
    {
        Setting[] model =
        [
            Setting.Model with { Argument = "MODEL", Help = "Model that train has saved: a file, or the folder of a run." },
            Setting.Data with { Argument = "FILE", HelpName = "FILE|NAME", Help = "File with the rows, - for the standard input; for a network of a built-in data set its name." },
            Setting.DataDir, Setting.Threads,
        ];
        Command root = JobCommand.Create<DemoJob>(new Command("nativemlp",
            "Trains and runs multilayer perceptrons. Without a command: a short demonstration on data made here."), json: false);
        root.Options.Add(new HelpOption { Action = new HelpWithExamples() });
        root.Options.Add(new VersionOption { Action = new VersionAction() });
        Setting table = Setting.Data with { Argument = "FILE", HelpName = "FILE|NAME", Help = "File with a table, - for the standard input; or a built-in data set: " + string.Join(", ", Data.BuiltInDataSets.Names) + "." };
        root.Subcommands.Add(JobCommand.Create<InspectJob>(new Command(InspectJob.Command, "Shows how a table is read and what its columns are taken for."), json: true,
            [table, .. ColumnSettings.All, .. ReadingSettings.All, Setting.Threads]));
        root.Subcommands.Add(JobCommand.Create<TrainJob>(new Command("train", "Trains a model of a table, or a network on a built-in data set; saves it and measures it on the test rows."), json: true,
            [table, .. ColumnSettings.All, .. TableTrainingSettings.Own, .. ReadingSettings.All, .. Setting.Training.Where(setting => setting != Setting.Data), .. RunSettings.All, ReportSettings.Quiet]));
        root.Subcommands.Add(JobCommand.Create<EvaluateJob>(new Command("evaluate", "Measures a model on the rows of a file, or on the test rows of a built-in data set."), json: true,
            [.. model, TableSettings.By, .. ReadingSettings.All]));
        root.Subcommands.Add(JobCommand.Create<PredictJob>(new Command("predict", "Writes what a model answers for each row of a file, or its class for each test row of a built-in data set."), json: true,
            [.. model, TableSettings.Answers, TableSettings.Format, TableSettings.Keep, TableSettings.OnError, .. ReadingSettings.All]));
        root.Subcommands.Add(JobCommand.Create<ExplainJob>(new Command("explain", "Shows which columns a model depends on: how much worse it becomes when the values of a column are shuffled."), json: true,
            [.. model.Where(setting => setting != Setting.DataDir), TableSettings.Metric, TableSettings.Repeats, Setting.Seed with { Help = "Seed of the shuffles. [default: 1]" }, .. ReadingSettings.All]));
        root.Subcommands.Add(JobCommand.Create<ExportJob>(new Command("export", "Writes a model for other programs: ONNX, PyTorch's safetensors, npz, C or C#."), json: true,
            [model[0], ExchangeSettings.File with { Argument = "OUT" }, ExchangeSettings.Format, ExchangeSettings.CFile, ExchangeSettings.CSharpFile,
                ExchangeSettings.Inputs, ExchangeSettings.Rows, ExchangeSettings.Logits, ExchangeSettings.Names]));
        root.Subcommands.Add(JobCommand.Create<ImportJob>(new Command("import", "Makes a model of a dense network of another program: ONNX, safetensors with PyTorch's names, or npz."), json: true,
            [ExchangeSettings.Source with { Argument = "FILE" }, ExchangeSettings.File with { HelpName = "MODEL", Help = "File for the model; one that exists is replaced." },
                Setting.Activation with { Help = "Activation of the hidden layers, which a file of weights does not say." },
                Setting.Alpha, Setting.Pieces, Setting.Loss with { Help = "What the outputs mean: classes (softmax, hinge), yes or no (bce), numbers (mse, huber). [default: what the file says; else softmax, of one output mse]" },
                ExchangeSettings.NormEpsilon]));
        root.Subcommands.Add(JobCommand.Create<SummaryJob>(new Command("summary", "Shows what is in a model: layers, columns, classes, and where it came from."), json: true,
            Setting.Model with { Argument = "MODEL", Help = "Model that train has saved: a file, or the folder of a run." }));
        root.Subcommands.Add(JobCommand.Create<ReportJob>(new Command(ReportJob.Command, "Writes the report of a run again: a page that needs no network."), json: false,
            ReportSettings.Runs, ReportSettings.Svg));
        root.Subcommands.Add(JobCommand.Create<CompareJob>(new Command(CompareJob.Command, "Puts runs side by side: settings that differ, curves, figures of the test, and whether they differ by more than chance."), json: false,
            ReportSettings.Runs, ReportSettings.Html));
        root.Subcommands.Add(JobCommand.Create<GradcheckJob>(new Command("gradcheck", "Checks the gradients of a small network, by default 4-10-3: native against reference against differences."), json: true,
            [Setting.Hidden with { Help = "Widths of the hidden layers, or none for the linear classifier. [default: 10]" },
                .. Setting.Network.Where(setting => setting != Setting.Hidden), Setting.L2 with { Help = Setting.L2.Help.Replace("[default: 0]", "[default: 0.05]", StringComparison.Ordinal) },
                Setting.Seed with { Help = "Seed of the initial weights and of the inputs. [default: 1]" }]));
        root.Subcommands.Add(JobCommand.Create<VerifyJob>(new Command(VerifyJob.Command,
            "Trains agreed networks on every instruction set and with 1, 2 and 3 threads, and compares the weights with those of other machines."), json: true,
            Setting.Long));
        root.Subcommands.Add(CreateDemo());
        root.Subcommands.Add(JobCommand.Create<InfoJob>(new Command("info", "Shows versions, compiler, instruction set, threads and where the library was found."), json: true));
        root.Subcommands.Add(CreateHelp());
        root.Subcommands.Add(new Command("version", "Shows the version, as --version does.") { Action = new VersionAction() });
        return root;
    }

    // "help train" is "train --help".
    private static Command CreateHelp()
    {
        Command help = new("help", "Shows the help of a command, as --help does.");
        Argument<string[]> words = new("command") { Description = "The command; without one, all of them.", Arity = ArgumentArity.ZeroOrMore };
        help.Arguments.Add(words);
        help.SetAction((parse, _) => RunAsync([.. parse.GetValue(words) ?? [], "--help"]));
        return help;
    }

    private static Command CreateDemo()
    {
        Command demo = JobCommand.Create<DemoJob>(new Command("demo", "Shows what networks do: hidden-layer (also without a name) or two-layer-net."), json: false);
        demo.Subcommands.Add(JobCommand.Create<DemoJob>(new Command("hidden-layer", "What a hidden layer is for, on four small data sets made here."), json: false));
        demo.Subcommands.Add(JobCommand.Create<TwoLayerNetJob>(new Command("two-layer-net",
            "CS231n's first assignment from the toy network to pictures: scores, loss, gradients, training, weights."), json: false,
            Setting.DataDir with { Help = "Folder with cifar-10/; without it the walk ends after the toy network." },
            Setting.Out with { Help = "Folder for the weights (PNG) and the curves (SVG). [default: models]" },
            Setting.Seed with { Help = "Seed of the initial weights, the batches and the choice of the validation rows. [default: 1]" },
            Setting.Threads));
        return demo;
    }

    private static string Complaint(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string help = $"see {string.Join(' ', Names(parse.CommandResult))} --help.";
        if ((UnknownOption(parse) ?? (parse.UnmatchedTokens is [string unmatched, ..] ? unmatched : null)) is not string word)
            return $"{parse.Errors[0].Message.TrimEnd('.')}; {help}";
        bool option = IsOption(word);
        string[] known = option
            ? [.. command.Options.Select(o => o.Name)]
            : [.. command.Subcommands.Select(c => c.Name)];
        string kind = option ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        string hint = Similar.Hint(word, known);
        return $"{command.Name} does not know the {kind} '{word}'{(hint.Length == 0 ? "; " + help : hint)}";
    }

    // A misspelt option must not be taken for the name of a file. A dash alone is the standard input.
    private static string? UnknownOption(ParseResult parse) => parse.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens).Select(token => token.Value).FirstOrDefault(IsOption);

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    // nativemlp demo two-layer-net
    private static IEnumerable<string> Names(CommandResult result) =>
        result.Parent is CommandResult parent ? Names(parent).Append(result.Command.Name) : [result.Command.Name];
}
