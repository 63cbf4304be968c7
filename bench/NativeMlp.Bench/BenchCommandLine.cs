// SPDX-License-Identifier: MIT
using System.CommandLine;
using NativeMlp.Bench.Busy;
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Micro;
using NativeMlp.Bench.Reporting;

namespace NativeMlp.Bench;

/// <summary>The commands.</summary>
internal static class BenchCommandLine
{
    private const int DefaultRounds = 3;

    public static int Run(string[] args)
    {
        RootCommand root = new("Measures NativeMlp against other libraries and against what the machine allows.")
        {
            Report(),
            Micro(),
            Busy(),
            Measure(),
        };
        return root.Parse(args).Invoke();
    }

    private static Command Report()
    {
        Option<bool> quick = new("--quick") { Description = "One round with short samples: to see that all works." };
        Option<int?> rounds = new("--rounds") { Description = $"How often everything is measured ({DefaultRounds})." };
        Option<DirectoryInfo?> output = new("--out") { Description = "Where results.md and chart.svg go (bench/results/CPU)." };
        Option<DirectoryInfo?> native = new("--native-dir") { Description = "Native benchmark programs to run as well (those that CMake built last)." };
        Command command = new("report", "The comparison of under five minutes: a Markdown document and a chart.") { quick, rounds, output, native };
        command.SetAction(parse => new ReportCommand(
            parse.GetValue(quick),
            parse.GetValue(rounds) ?? (parse.GetValue(quick) ? 1 : DefaultRounds),
            parse.GetValue(output)?.FullName,
            parse.GetValue(native)?.FullName).Run());
        return command;
    }

    private static Command Micro()
    {
        Argument<string[]> rest = new("arguments") { Description = "For BenchmarkDotNet; --list flat shows what there is.", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("micro", "BenchmarkDotNet on single kernels, steps and predictions.") { rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parse => MicroCommand.Run([.. parse.GetValue(rest) ?? [], .. parse.UnmatchedTokens]));
        return command;
    }

    private static Command Busy()
    {
        Option<double> seconds = new("--seconds") { Description = "How long each figure is measured.", DefaultValueFactory = _ => 1 };
        Option<FileInfo?> python = new("--pytorch") { Description = "torch_step.py, to measure the PyTorch that python3 finds as well." };
        Command command = new("busy", "Training and prediction beside no, one and two endless loops: a Markdown table.") { seconds, python };
        command.SetAction(parse => new BusyCommand(parse.GetValue(seconds), parse.GetValue(python)?.FullName).Run());
        return command;
    }

    // Started by the report.
    private static Command Measure()
    {
        Option<string> peer = new("--peer") { Required = true };
        Option<int> threads = new("--threads") { Required = true };
        Option<bool> quick = new("--quick");
        Command command = new("measure") { peer, threads, quick };
        command.Hidden = true;
        command.SetAction(parse => MeasureCommand.Run(parse.GetRequiredValue(peer), parse.GetRequiredValue(threads),
            parse.GetValue(quick) ? Effort.Quick : Effort.Full));
        return command;
    }
}
