// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Training;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>The settings of a training on a table. All values that do not depend on the table are filled in.</summary>
internal sealed record TablePlan(string DataPath, TableChoices Table, TableTrainingOptions Options)
{
    private const double DefaultTest = 0.2;

    public int Folds => Table.Folds ?? 0;

    /// <summary>Whether some rows of the table are held back as test rows.</summary>
    public bool HoldsBack => Options.Test > 0;

    /// <summary>The sizes that determine the disk space of a run on these rows, in addition to its first network.</summary>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="testRows">Rows of the test file; null if there is none.</param>
    public RunSize SizeFor(int rows, int? testRows) => new()
    {
        Parts = Folds + 1,
        TestRows = testRows ?? (int)Math.Ceiling(rows * Options.Test),
        Hidden = Folds == 0 ? null : TrainingSizes.HiddenFor(rows, Options),
    };

    /// <exception cref="RunnerException">The label is missing, or options contradict each other or have no effect on a table.</exception>
    public static TablePlan From(RunnerSettings chosen)
    {
        TableChoices table = chosen.Table;
        foreach (Setting setting in Setting.Training.Except(TableTrainingSettings.Shared))
        {
            if (chosen.Origins.TryGetValue(setting, out SettingOrigin? origin) && origin.IsTyped)
                throw RunnerException.Usage($"{origin.Name} has no effect on a table: it is for the built-in data sets.");
        }

        string path = TableInput.PathIn(chosen, "train");
        if (table.Columns.Labels.Count == 0)
            throw RunnerException.Usage($"Name the column to predict with {ColumnSettings.Label.Option}; nativemlp {InspectJob.Command} {Invocation.Quote(path)} shows the columns.");
        TableTrainingOptions options = new();
        return new TablePlan(path, table, options with
        {
            Seed = chosen.Seed ?? options.Seed,
            Hidden = chosen.Hidden,
            Epochs = chosen.Epochs,
            BatchSize = chosen.Batch,
            LearningRate = chosen.Lr ?? options.LearningRate,
            WeightDecay = chosen.WeightDecay ?? options.WeightDecay,
            Dropout = chosen.Dropout ?? options.Dropout,
            Validation = chosen.Validation ?? options.Validation,
            Test = table.TestFile is not null || table.Folds is not null ? 0 : table.TestFraction ?? DefaultTest,
            Group = table.Columns.Group,
            Time = table.Time,
            BalancedClasses = table.BalancedClasses,
            Networks = table.Ensemble,
            Threshold = table.Threshold,
            Threads = chosen.Threads ?? 0,
        });
    }
}
