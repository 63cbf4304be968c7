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

/// <summary>Defines the commands, and reports command lines that do not match them.</summary>
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
            ProcessTerminationTimeout = null, // the host handles signals
        });
    }

    private static Command Create()
    {
        Setting[] model =
        [
            Setting.Model with { Argument = "MODEL", Help = "Model that train has saved: a file, or the folder of a run." },
            Setting.Data with { Argument = "FILE", HelpName = "FILE|NAME", Help = "File with the rows, or - for standard input. For a network of a built-in data set, the name of the data set." },
            Setting.DataDir, Setting.Threads,
        ];
        Command root = JobCommand.Create<DemoJob>(new Command("nativemlp",
            "Trains and runs multilayer perceptrons. Without a command, runs a short demonstration on generated data."), json: false);
        root.Options.Add(new HelpOption { Action = new HelpWithExamples() });
        root.Options.Add(new VersionOption { Action = new VersionAction() });
        Setting table = Setting.Data with { Argument = "FILE", HelpName = "FILE|NAME", Help = "File with a table, - for standard input, or a built-in data set: " + string.Join(", ", Data.BuiltInDataSets.Names) + "." };
        root.Subcommands.Add(JobCommand.Create<InspectJob>(new Command(InspectJob.Command, "Shows how a table is read and how its columns are interpreted."), json: true,
            [table, .. ColumnSettings.All, .. ReadingSettings.All, Setting.Threads]));
        root.Subcommands.Add(JobCommand.Create<TrainJob>(new Command("train", "Trains a model on a table or on a built-in data set, saves it, and evaluates it on the test rows."), json: true,
            [table, .. ColumnSettings.All, .. TableTrainingSettings.Own, .. ReadingSettings.All, .. Setting.Training.Where(setting => setting != Setting.Data), .. RunSettings.All, ReportSettings.Quiet]));
        root.Subcommands.Add(JobCommand.Create<EvaluateJob>(new Command("evaluate", "Evaluates a model on the rows of a file, or on the test rows of a built-in data set."), json: true,
            [.. model, Setting.Precision, TableSettings.By, .. ReadingSettings.All]));
        root.Subcommands.Add(JobCommand.Create<PredictJob>(new Command("predict", "Writes the predictions of a model for the rows of a file, or for the test rows of a built-in data set."), json: true,
            [.. model, Setting.Precision, TableSettings.Answers, TableSettings.Format, TableSettings.Keep, TableSettings.OnError, .. ReadingSettings.All]));
        root.Subcommands.Add(JobCommand.Create<ExplainJob>(new Command("explain", "Shows which columns a model depends on: how much worse it becomes if the values of a column are shuffled."), json: true,
            [.. model.Where(setting => setting != Setting.DataDir), TableSettings.Metric, TableSettings.Repeats, Setting.Seed with { Help = "Seed of the shuffles. [default: 1]" }, .. ReadingSettings.All]));
        root.Subcommands.Add(JobCommand.Create<ExportJob>(new Command("export", "Writes a model for other programs: ONNX, PyTorch's safetensors, npz, C or C#."), json: true,
            [model[0], ExchangeSettings.File with { Argument = "OUT" }, ExchangeSettings.Format, Setting.Precision, ExchangeSettings.CFile, ExchangeSettings.CSharpFile,
                ExchangeSettings.Inputs, ExchangeSettings.Rows, ExchangeSettings.Logits, ExchangeSettings.Names]));
        root.Subcommands.Add(JobCommand.Create<ImportJob>(new Command("import", "Imports a dense network from another program: ONNX, safetensors with PyTorch's names, or npz."), json: true,
            [ExchangeSettings.Source with { Argument = "FILE" }, ExchangeSettings.File with { HelpName = "MODEL", Help = "File for the model. An existing file is replaced." },
                Setting.Activation with { Help = "Activation of the hidden layers, which a file of weights does not contain." },
                Setting.Alpha, Setting.Pieces, Setting.Loss with { Help = "Meaning of the outputs: classes (softmax, hinge), yes or no (bce), numbers (mse, huber). [default: from the file, otherwise softmax; mse for one output]" },
                ExchangeSettings.NormEpsilon]));
        root.Subcommands.Add(JobCommand.Create<SummaryJob>(new Command("summary", "Shows the content of a model: layers, columns, classes, and origin."), json: true,
            Setting.Model with { Argument = "MODEL", Help = "Model that train has saved: a file, or the folder of a run." }));
        root.Subcommands.Add(JobCommand.Create<ReportJob>(new Command(ReportJob.Command, "Rewrites the report of a run, a page that needs no network access."), json: false,
            ReportSettings.Runs, ReportSettings.Svg));
        root.Subcommands.Add(JobCommand.Create<CompareJob>(new Command(CompareJob.Command, "Compares runs: settings that differ, curves, test results, and whether these differ by more than chance."), json: false,
            ReportSettings.Runs, ReportSettings.Html));
        root.Subcommands.Add(JobCommand.Create<GradcheckJob>(new Command("gradcheck", "Checks the gradients of a small network, by default 4-10-3: the native ones against the reference, and the reference against central differences."), json: true,
            [Setting.Hidden with { Help = "Widths of the hidden layers, or none for the linear classifier. [default: 10]" },
                .. Setting.Network.Where(setting => setting != Setting.Hidden), Setting.L2 with { Help = Setting.L2.Help.Replace("[default: 0]", "[default: 0.05]", StringComparison.Ordinal) },
                Setting.Seed with { Help = "Seed of the initial weights and of the inputs. [default: 1]" }]));
        root.Subcommands.Add(JobCommand.Create<VerifyJob>(new Command(VerifyJob.Command,
            "Trains reference networks on every instruction set and with 1, 2 and 3 threads, and compares the weights with the expected ones."), json: true,
            Setting.Long));
        root.Subcommands.Add(CreateDemo());
        root.Subcommands.Add(JobCommand.Create<InfoJob>(new Command("info", "Shows versions, compiler, instruction set, threads and the path of the library."), json: true));
        root.Subcommands.Add(CreateHelp());
        root.Subcommands.Add(new Command("version", "Shows the version, as --version does.") { Action = new VersionAction() });
        return root;
    }

    // "help train" is "train --help".
    private static Command CreateHelp()
    {
        Command help = new("help", "Shows the help of a command, as --help does.");
        Argument<string[]> words = new("command") { Description = "The command. Without it, all commands are listed.", Arity = ArgumentArity.ZeroOrMore };
        help.Arguments.Add(words);
        help.SetAction((parse, _) => RunAsync([.. parse.GetValue(words) ?? [], "--help"]));
        return help;
    }

    private static Command CreateDemo()
    {
        Command demo = JobCommand.Create<DemoJob>(new Command("demo", "Runs a demonstration: hidden-layer (the default) or two-layer-net."), json: false);
        demo.Subcommands.Add(JobCommand.Create<DemoJob>(new Command("hidden-layer", "Shows the purpose of a hidden layer on four small generated data sets."), json: false));
        demo.Subcommands.Add(JobCommand.Create<TwoLayerNetJob>(new Command("two-layer-net",
            "Runs CS231n's first assignment, from the toy network to images: scores, loss, gradients, training, weights."), json: false,
            Setting.DataDir with { Help = "Folder that contains cifar-10/. Without it, the demonstration ends after the toy network." },
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

    // A misspelt option must not be interpreted as the name of a file. A single dash is standard input.
    private static string? UnknownOption(ParseResult parse) => parse.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens).Select(token => token.Value).FirstOrDefault(IsOption);

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    // nativemlp demo two-layer-net
    private static IEnumerable<string> Names(CommandResult result) =>
        result.Parent is CommandResult parent ? Names(parent).Append(result.Command.Name) : [result.Command.Name];
}
