// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Shows the training of a table model in the terminal.</summary>
internal sealed class ConsoleTableTrainingView(Terminal terminal) : IRunObserver, IDisposable
{
    /// <summary>The progress of the run.</summary>
    public ProgressObserver Progress { get; } = new(terminal);

    public void Begin(TableFile file, TableProfile profile)
    {
        new ProfileView(terminal).Show(file, profile);
        foreach (string note in file.Notes.Concat(profile.Notes))
            Failure.Warn(note);
        terminal.WriteLine();
    }

    public void Started(RunStart start)
    {
        foreach (FoldEvent fold in start.FoldsBefore)
            FoldEnded(fold);
    }

    public void FoldEnded(FoldEvent fold) => terminal.WriteFact($"fold {fold.Fold}", Describe(TableScores.Of(fold)));

    public void End(TableOutcome outcome)
    {
        TableTrainingResult result = outcome.Result;
        NetworkRows rows = result.Split.Networks[0];
        if (outcome.Folds.Count > 0)
            terminal.WriteFact("mean", Describe(TableScores.Mean(outcome.Folds), TableScores.Deviation(outcome.Folds)));
        terminal.WriteFact("rows", $"{Format.Count(rows.Training.Count)} for training, {Format.Count(rows.Validation.Count)} for validation{(result.Split.Networks.Count == 1 ? "" : ", others for each network")}, {TestRows(outcome)}");
        terminal.WriteFact("network", $"{Networks(result)}, {Format.Count(result.Model.Networks.Sum(network => network.ParameterCount))} parameters");
        terminal.WriteFact("training", $"{result.Epochs} epochs of batches of {result.BatchSize}; epoch {string.Join(", ", result.Runs.Select(run => run.BestEpoch ?? run.Epochs.Count))} kept");
        if (outcome.Test is { } test)
            terminal.WriteFact("test", Describe(TableScores.Of(test)));
        terminal.WriteCommand("saved", outcome.ModelPath);
        string next = outcome.TestFile is { } file ? $" {Invocation.Quote(file)}" : " FILE";
        terminal.WriteCommand("next", $"{Invocation.Program} explain {Invocation.Quote(outcome.ModelPath)}{next}");
    }

    public void Dispose() => Progress.Dispose();

    private static string TestRows(TableOutcome outcome) => outcome.Test is { } test
        ? $"{Format.Count(test.Rows)} for the test{(outcome.TestFile is { } file ? $" from {file}" : "")}" : "none for a test";

    private static string Networks(TableTrainingResult result)
    {
        Mlp network = result.Model.Networks[0];
        string shape = Format.Shape(network.Inputs, result.Hidden, network.Outputs);
        return result.Model.Networks.Count == 1 ? shape : $"{result.Model.Networks.Count} of {shape}";
    }

    // RMSE and MAE have the units of the target, which may be tiny or huge.
    private static string Describe(TableScores mean, TableScores? deviation = null) => string.Join(", ", new (string Name, Func<TableScores, double?> Figure, Func<double?, string> Text)[]
    {
        ("accuracy", s => s.Accuracy, Format.Metric), ("ROC-AUC", s => s.Auc, Format.Metric), ("log-loss", s => s.LogLoss, Format.Metric),
        ("R²", s => s.R2, Format.Metric), ("RMSE", s => s.Rmse, Format.Measured), ("MAE", s => s.Mae, Format.Measured),
    }.Where(f => f.Figure(mean) is not null).Select(f => $"{f.Name} {f.Text(f.Figure(mean))}{(deviation is null ? "" : $" ± {f.Text(f.Figure(deviation))}")}"));
}
