// SPDX-License-Identifier: MIT
using System.Globalization;
using Microsoft.Extensions.Options;
using NativeMlp.Data;
using NativeMlp.Metrics;
using NativeMlp.Runner.Jobs.Tables;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Jobs;

/// <summary>Evaluates a saved network on the test rows of a built-in data set, or a table model on the rows of a file.</summary>
internal sealed class EvaluateJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    public int Run(CancellationToken stop)
    {
        using TableCommand? table = TableCommand.Open(settings.Value);
        if (table is not null)
            return new TableEvaluateJob(table, settings.Value, mode).Run(stop);
        (LoadedCheckpoint model, TestRows rows) = CheckpointFile.Open(settings.Value, needsLabels: true);
        using Mlp mlp = model.Mlp;
        Dataset test = rows.Rows;
        int threads = settings.Value.Threads ?? 0;
        StepResult result = mlp.Evaluate(test.AsBatch(), threads);
        if (mode.Json)
            WriteResult(mlp, result, TestScores.Of(mlp, test, threads), settings.Value.Model);
        else
            Show(Terminal.Create(), mlp, test, result, Confuse(mlp, test, threads));
        return Judge(result);
    }

    /// <summary>A loss that is not finite is a failure: some scores are not finite, and their rows have no class.</summary>
    public static int Judge(StepResult? test) => test is not { } result || double.IsFinite(result.Loss) ? ExitCodes.Done
        : Failure.Report(ExitCodes.Diverged, $"The loss on the test rows is {result.Loss}: the features may be too large for this model.");

    public static void WriteResult(Mlp mlp, StepResult? result, TestScores scores, string? path) => JsonLines.Write(
        new ResultEvent("result", "done", JsonLines.Finite(result?.Loss), JsonLines.Finite(result?.Accuracy),
            mlp.ParameterCount, Checkpoint.WeightsSha256(mlp), path)
        { TestAuc = scores.Auc, TestLogLoss = scores.LogLoss, Model = path },
        JsonLines.Types.ResultEvent);

    private static ConfusionMatrix Confuse(Mlp mlp, Dataset test, int threads)
    {
        int[] predicted = new int[test.Count];
        mlp.PredictClasses(test.AsBatch(), predicted, threads);
        ConfusionMatrix matrix = new(test.Classes);
        for (int row = 0; row < test.Count; row++)
            matrix.Add(test.Labels[row], predicted[row]);
        return matrix;
    }

    private void Show(Terminal terminal, Mlp mlp, Dataset test, StepResult result, ConfusionMatrix matrix)
    {
        terminal.WriteFact("model", $"{settings.Value.Model}, {Format.Count(mlp.ParameterCount)} parameters{Words.SuffixOf(mlp.Precision)}");
        terminal.WriteFact("data", $"{test.Name}, {Format.Count(test.Count)} test rows");
        terminal.WriteFact("test", $"accuracy {Format.Accuracy(result.Accuracy)}, loss {Format.Loss(result.Loss)}");
        terminal.WriteLine();
        new ConfusionView(terminal).Draw(matrix, [.. Enumerable.Range(0, test.Classes).Select(number => NameOf(number, test.ClassNames))]);
    }

    private static string NameOf(int number, IReadOnlyList<string> names) =>
        number.ToString(CultureInfo.InvariantCulture) + (names.Count > 0 ? " " + names[number] : "");
}
