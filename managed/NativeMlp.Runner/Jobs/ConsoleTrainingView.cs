// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Training;
using Spectre.Console;

namespace NativeMlp.Runner.Jobs;

/// <summary>A training run for people: a bar under the lines on a terminal, the lines alone elsewhere.</summary>
internal sealed class ConsoleTrainingView(Terminal terminal) : ITrainingView
{
    private const int MaxLines = 20;

    private bool _hasValidation;
    private TrainingPlan? _plan;

    public void Begin(TrainingPlan plan, LoadedData data, Mlp mlp)
    {
        _plan = plan;
        _hasValidation = data.Validation is not null;
        string held = data.Validation is { } v ? $", {Format.Count(v.Count)} for validation" : "";
        terminal.WriteFact("data", $"{data.Train.Name}, {data.Source}");
        terminal.WriteFact("", $"{Format.Count(data.Train.Count)} training rows{held}, {Format.Count(data.Test.Count)} test rows");
        terminal.WriteFact("network", $"{Format.Shape(mlp.Inputs, plan.Hidden, mlp.Outputs)}{plan.Extras}, {Format.Count(mlp.ParameterCount)} parameters");
        terminal.WriteFact("training", plan.ToString());
        terminal.WriteFact("machine", $"{NativeLibraryInfo.Active.ToString().ToLowerInvariant()}, {Format.Threads(plan.WorkerThreads)}");
        terminal.WriteLine();
        terminal.WriteLine(Header());
    }

    public TrainingResult Watch(int epochs, Func<IProgress<EpochReport>, TrainingResult> train)
    {
        if (!terminal.IsLive)
            return train(new EpochObserver(report => ShowLine(report, epochs)));
        return terminal.Ansi.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask("training", maxValue: epochs);
                return train(new EpochObserver(report =>
                {
                    ShowLine(report, epochs);
                    bar.Description = string.Create(CultureInfo.InvariantCulture, $"epoch {report.Epoch} of {epochs}");
                    bar.Value = report.Epoch;
                }));
            });
    }

    public void End(TrainingOutcome outcome)
    {
        terminal.WriteLine();
        if (outcome.Test is { } test)
            terminal.WriteFact("test", $"accuracy {Format.Accuracy(test.Accuracy)}, loss {Format.Loss(test.Loss)} ({Format.Count(test.Rows)} rows)");
        terminal.WriteCommand("sha256", outcome.WeightsSha256);
        if (outcome.Checkpoint is { } path)
        {
            terminal.WriteCommand("saved", path);
            terminal.WriteCommand("next", $"{Invocation.Program} evaluate --model {Invocation.Quote(path)} --data {_plan?.Data}{Invocation.DataDir(_plan?.DataDir)}");
        }
    }

    private void ShowLine(EpochReport report, int epochs)
    {
        if (IsShown(report.Epoch, epochs))
            terminal.Ansi.WriteLine(Line(report));
    }

    // All of a few epochs, about twenty of many: a run of 300 must not push its own beginning away.
    private static bool IsShown(int epoch, int epochs)
    {
        int stride = 1;
        for (int decade = 1; epochs / stride > MaxLines;)
            stride = stride == decade ? 2 * decade : stride == 2 * decade ? 5 * decade : decade *= 10;
        return epoch == 1 || epoch == epochs || epoch % stride == 0;
    }

    private string Header() => _hasValidation
        ? "epoch      train loss  accuracy  valid loss  accuracy  samples/s     time"
        : "epoch      train loss  accuracy  samples/s     time";

    private string Line(EpochReport r)
    {
        string validation = _hasValidation ? $"{Format.Loss(r.ValidationLoss),12}{Format.Accuracy(r.ValidationAccuracy),10}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{r.Epoch,5}{Format.Loss(r.TrainLoss),16}{Format.Accuracy(r.TrainAccuracy),10}{validation}{Format.Count((long)r.SamplesPerSecond),11}{Format.Seconds(r.Elapsed),9}");
    }
}
