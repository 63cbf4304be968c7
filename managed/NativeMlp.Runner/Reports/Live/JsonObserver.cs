// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Training;

namespace NativeMlp.Runner.Reports.Live;

/// <summary>Writes a run as JSON lines.</summary>
/// <param name="namesNetworks">Whether the line of an epoch names its network.</param>
internal sealed class JsonObserver(bool namesNetworks) : IRunObserver
{
    private const int Schema = 1;

    // The optimizer for tables.
    private const OptimizerKind TableOptimizer = OptimizerKind.AdamW;

    public void Started(RunStart start)
    {
        ConfigRecord config = ConfigRecord.Read(start.Folder);
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(start.Folder, RunFolder.Config)));
        JsonLines.Write(
            new RunEvent("run", Schema, start.Folder, start.Data, start.Shape, start.Networks, config[Setting.Optimizer.Key] ?? Words.Of(TableOptimizer), config[Setting.Seed.Key] ?? "1",
                start.Epochs, start.StepsPerEpoch, start.Rows, start.EpochsBefore, settings.RootElement.GetProperty(RunnerSettings.Section)),
            JsonLines.Types.RunEvent);
        foreach (FoldEvent fold in start.FoldsBefore)
            FoldEnded(fold);
    }

    public void EpochEnded(int network, EpochReport epoch) => JsonLines.Write(
        new EpochEvent("epoch", namesNetworks ? network : null, epoch.Epoch, epoch.Step, JsonLines.Finite(epoch.TrainLoss), JsonLines.Finite(epoch.TrainAccuracy),
            JsonLines.Finite(epoch.ValidationLoss), JsonLines.Finite(epoch.ValidationAccuracy), JsonLines.Finite(epoch.LearningRate),
            JsonLines.Finite(epoch.SamplesPerSecond), epoch.Elapsed.TotalSeconds),
        JsonLines.Types.EpochEvent);

    public void FoldEnded(FoldEvent fold) => JsonLines.Write(fold, JsonLines.Types.FoldEvent);

    public string? Finished(RunEnd end)
    {
        if (end.Folds is { } folds)
            JsonLines.Write(folds, JsonLines.Types.FoldsEvent);
        JsonLines.Write(end.Result, JsonLines.Types.ResultEvent);
        return null;
    }
}
