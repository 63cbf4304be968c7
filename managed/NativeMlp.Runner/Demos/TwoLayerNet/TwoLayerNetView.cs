// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Reference;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Training;
using Spectre.Console;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>Shows the assignment: a heading for each stage, and its numbers next to the published ones.</summary>
internal sealed class TwoLayerNetView(Terminal terminal)
{
    private const int CourseRows = 50_000;

    private int _stage;

    public void ShowTitle() => terminal.WriteText("CS231n assignment 1, two_layer_net: the toy network first, then CIFAR-10.");

    public bool ShowScores(double[,] computed, double[,] published, double difference, double limit)
    {
        Begin("Scores: max(0, X·W1 + b1)·W2 + b2 of five inputs, in double precision");
        terminal.Ansi.MarkupLine($"[dim]{"computed",-42}published[/]");
        for (int row = 0; row < computed.GetLength(0); row++)
            terminal.WriteLine($"{Row(computed, row)}    {Row(published, row)}".TrimEnd());
        return ShowBelow("difference", difference, limit, ", summed over all scores");
    }

    public bool ShowLoss(double computed, double published, double reg, double limit)
    {
        Begin($"Loss: mean softmax cross-entropy + {Format.Real(reg)}·ΣW²");
        terminal.WriteFact("computed", computed.ToString("0.00000000000000", CultureInfo.InvariantCulture));
        terminal.WriteFact("published", published.ToString("0.00000000000", CultureInfo.InvariantCulture));
        return ShowBelow("difference", Math.Abs(computed - published), limit);
    }

    public bool ShowGradients(IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native)
    {
        Begin("Gradients: errors of the chain rule and of the native library");
        GradcheckJob.ShowTable(terminal, numeric, native);
        terminal.WriteFact("limits", $"{Format.Error(GradcheckJob.NumericLimit)} from central differences in double precision;");
        terminal.WriteFact("", $"{Format.Error(GradcheckJob.NativeLimit)} of the native float32 gradients from the double ones");
        return GradcheckJob.Passed(numeric, native);
    }

    public bool ShowToyTraining(TrainingOptions options, IReadOnlyList<double> losses, double limit)
    {
        Begin("Training on the five inputs, with the native library");
        terminal.WriteFact("training", Describe(options));
        new LineChart(terminal).Draw(losses);
        double final = losses[^1];
        terminal.WriteFact("final loss", $"{final.ToString("0.00000", CultureInfo.InvariantCulture)} (the course: below {Format.Real(limit)})  {Verdict(final < limit)}");
        return final < limit;
    }

    public void ShowMissingPictures()
    {
        terminal.WriteLine();
        terminal.WriteText("The second half trains on images. It needs the files of CIFAR-10's binary version "
            + "(https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz, 162 MB) in DIR/cifar-10/ and --data-dir DIR.");
    }

    public void ShowData(LoadedData data)
    {
        Begin("CIFAR-10: the raw pixels minus the mean image");
        terminal.WriteFact("data", $"{data.Train.Name}, {data.Source}");
        int validation = data.Validation!.Count, all = data.Train.Count + validation;
        terminal.WriteFact("", $"{Format.Count(data.Train.Count)} training rows, {Format.Count(validation)} for validation, {Format.Count(data.Test.Count)} test rows");
        if (all < CourseRows)
            terminal.WriteFact("", $"the course has {Format.Count(CourseRows)}: fewer rows result in worse networks");
    }

    /// <summary>Runs <paramref name="train"/> on the calling thread and shows how far it is.</summary>
    public void Watch(string title, TrainingPlan plan, LoadedData data, Action<Action<StepReport>> train)
    {
        Begin(title);
        TrainingOptions options = plan.Training with { Epochs = int.MaxValue }; // the steps alone end the course's runs
        int rows = data.Train.Count;
        terminal.WriteFact("training", Describe(options));
        using ProgressObserver progress = new(terminal);
        progress.PartBegan(0, new RunStart("", plan.Data, 1, options.EpochsFor(rows), options.StepsPerEpoch(rows), options.StepsFor(rows), rows, HasValidation: false) { Shape = "" });
        train(Tell);

        void Tell(StepReport step)
        {
            progress.Stepped(0, step);
            if (step.CompletedEpoch is { } epoch)
                progress.EpochEnded(0, epoch);
        }
    }

    public void ShowRun(CourseRun run, TimeSpan elapsed, string course)
    {
        new LineChart(terminal).Draw(run.Losses);
        terminal.WriteFact("accuracy", $"training {Format.Accuracy(run.Training)}, validation {Format.Accuracy(run.Validation)}, test {Format.Accuracy(run.Test)}");
        terminal.WriteFact("the course", course);
        terminal.WriteFact("time", $"{Format.Seconds(elapsed)}, {Format.Count((long)(run.Losses.Count / elapsed.TotalSeconds))} steps per second");
    }

    public void ShowFiles(string weights, string curves)
    {
        Begin("Images");
        terminal.WriteFact("weights", $"{weights}: the weights of each hidden unit");
        terminal.WriteFact("curves", $"{curves}: loss and accuracy of both runs");
    }

    public void ShowNext(TrainingPlan plan) => terminal.WriteCommand("next",
        $"{Invocation.Program} train --data {plan.Data}{Invocation.DataDir(plan.DataDir)} --preset {plan.Preset?.Name} --lr 1e-3 --steps 5000 --hidden 100");

    private void Begin(string title)
    {
        _stage++;
        terminal.WriteLine();
        terminal.Ansi.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[bold]{_stage}  {Markup.Escape(title)}[/]"));
    }

    private bool ShowBelow(string label, double value, double limit, string what = "")
    {
        terminal.WriteFact(label, $"{value.ToString("0.00E+00", CultureInfo.InvariantCulture)}{what} (the course: below {Format.Error(limit)})  {Verdict(value < limit)}");
        return value < limit;
    }

    private static string Verdict(bool passed) => passed ? "ok" : "FAILED";

    private static string Describe(TrainingOptions options)
    {
        double decay = options.Schedule is LearningRateSchedule.StepDecay epoch ? epoch.Factor : 1;
        return $"{Words.Of(options.Optimizer.Kind)} lr {Format.Real(options.Optimizer.LearningRate)} × {Format.Real(decay)} an epoch, reg {Format.Real(options.Optimizer.L2)}, "
            + $"batch {options.BatchSize}, {Format.Count(options.MaxSteps)} steps";
    }

    private static string Row(double[,] matrix, int row) => string.Concat(Enumerable.Range(0, matrix.GetLength(1))
        .Select(column => matrix[row, column].ToString("0.00000000", CultureInfo.InvariantCulture).PadLeft(column == 0 ? 11 : 13)));
}
