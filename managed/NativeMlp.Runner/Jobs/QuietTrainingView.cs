// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Jobs.Tables;
using NativeMlp.Runner.Runs;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs;

/// <summary>A training run of which nothing is shown; warnings are on standard error all the same.</summary>
internal sealed class QuietTrainingView : ITrainingView, ITableTrainingView
{
    public IReadOnlyList<IRunObserver> Observers => [];

    public void Begin(TrainingPlan plan, LoadedData data, Mlp mlp)
    {
    }

    public void Begin(TableFile file, TableProfile profile) => TableInput.Warn(file, profile);

    public TrainingResult Watch(int epochs, Func<IProgress<EpochReport>, TrainingResult> train) => train(new EpochObserver(_ => { }));

    public T Watch<T>(string title, Func<IProgress<TableProgress>, T> train) => train(new TableObserver(_ => { }));

    public void ShowFold(int fold, TableScores scores)
    {
    }

    public void End(TrainingOutcome outcome)
    {
    }

    public void End(TableOutcome outcome)
    {
    }
}
