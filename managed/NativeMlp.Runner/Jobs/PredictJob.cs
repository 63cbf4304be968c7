// SPDX-License-Identifier: MIT
using System.Globalization;
using Microsoft.Extensions.Options;
using NativeMlp.Data;
using NativeMlp.Runner.Jobs.Tables;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Jobs;

/// <summary>Writes the predictions of a saved network for the test rows of a built-in data set (one class number per line, or JSON with
/// the probability), or of a table model for the rows of a file.</summary>
internal sealed class PredictJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    public int Run(CancellationToken stop)
    {
        using TableCommand? table = TableCommand.Open(settings.Value);
        if (table is not null)
            return new TablePredictJob(table, settings.Value, mode).Run(stop);
        (LoadedCheckpoint model, TestRows rows) = CheckpointFile.Open(settings.Value, needsLabels: false);
        using Mlp mlp = model.Mlp;
        Dataset test = rows.Rows;
        int threads = settings.Value.Threads ?? 0;
        float[] probabilities = new float[(long)test.Count * mlp.Outputs];
        mlp.Predict(test.AsBatch(), probabilities, PredictionKind.Probabilities, threads);
        if (probabilities.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) is var bad and >= 0)
            return Failure.Report(ExitCodes.Diverged, $"Row {bad / mlp.Outputs} has no class, because a score is {probabilities[bad]}: its features may be too large for this model.");
        int[] classes = mlp.PredictClasses(test.AsBatch(), threads);

        for (int row = 0; row < test.Count; row++)
        {
            stop.ThrowIfCancellationRequested();
            int answer = classes[row];
            if (mode.Json)
                JsonLines.Write(new PredictionEvent("prediction", row, answer, Probability(probabilities.AsSpan(row * mlp.Outputs, mlp.Outputs), answer)), JsonLines.Types.PredictionEvent);
            else
                Console.Out.WriteLine(answer.ToString(CultureInfo.InvariantCulture));
        }
        if (mode.Json)
            WriteResult(mlp, rows, threads);
        return ExitCodes.Done;
    }

    private void WriteResult(Mlp mlp, TestRows rows, int threads) => EvaluateJob.WriteResult(
        mlp, rows.HasLabels ? mlp.Evaluate(rows.Rows.AsBatch(), threads) : null,
        rows.HasLabels ? TestScores.Of(mlp, rows.Rows, threads) : TestScores.None, settings.Value.Model);

    // One output is the probability of class 1.
    private static double Probability(ReadOnlySpan<float> outputs, int answer) =>
        outputs.Length > 1 ? outputs[answer] : answer == 1 ? outputs[0] : 1 - outputs[0];
}
