// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs;

/// <summary>Shows a training run in the terminal: what is trained, the progress, and the results.</summary>
internal sealed class ConsoleTrainingView(Terminal terminal) : IDisposable
{
    private TrainingPlan? _plan;

    /// <summary>The progress of the run.</summary>
    public ProgressObserver Progress { get; } = new(terminal);

    public void Begin(TrainingPlan plan, LoadedData data, Mlp mlp)
    {
        _plan = plan;
        string held = data.Validation is { } v ? $", {Format.Count(v.Count)} for validation" : "";
        terminal.WriteFact("data", $"{data.Train.Name}, {data.Source}");
        terminal.WriteFact("", $"{Format.Count(data.Train.Count)} training rows{held}, {Format.Count(data.Test.Count)} test rows");
        terminal.WriteFact("network", $"{Format.Shape(mlp.Inputs, plan.Hidden, mlp.Outputs)}{plan.Extras}, {Format.Count(mlp.ParameterCount)} parameters");
        terminal.WriteFact("training", plan.ToString());
        terminal.WriteFact("machine", $"{NativeLibraryInfo.Active.ToString().ToLowerInvariant()}, {Format.Threads(plan.WorkerThreads)}");
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

    public void Dispose() => Progress.Dispose();
}
