// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Training;

namespace NativeMlp.Runner.Reports.Live;

/// <summary>Writes the first of the JSON lines of a run: what is trained on what, with every setting.</summary>
internal sealed class JsonStart : IRunObserver
{
    private const int Schema = 1;

    // What trains tables.
    private const OptimizerKind TableOptimizer = OptimizerKind.AdamW;

    public void Started(RunStart start)
    {
        ConfigRecord config = ConfigRecord.Read(start.Folder);
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(start.Folder, ConfigRecord.FileName)));
        JsonLines.Write(
            new RunEvent("run", Schema, start.Folder, start.Data, start.Shape, start.Networks, config[Setting.Optimizer.Key] ?? Words.Of(TableOptimizer), config[Setting.Seed.Key] ?? "1",
                start.Epochs, start.StepsPerEpoch, start.Rows, start.EpochsBefore, settings.RootElement.GetProperty(RunnerSettings.Section)),
            JsonLines.Types.RunEvent);
    }

    public void PartBegan(int fold, RunStart part)
    {
    }

    public void Stepped(int network, in StepReport step)
    {
    }

    public void EpochEnded(int network, EpochReport epoch)
    {
    }

    public string? Finished(RunEnd end) => null;
}
