// SPDX-License-Identifier: MIT
using System.Globalization;
using Microsoft.Extensions.Options;
using NativeMlp.Data;
using NativeMlp.Runner.Hosting;
using NativeMlp.Runner.Views;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Commands;

/// <summary>Prints the class that a saved network gives each test row: a number a line, or JSON with its probability.</summary>
internal sealed class PredictJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    public int Run(CancellationToken stop)
    {
        (LoadedCheckpoint model, TestRows rows) = CheckpointFile.Open(settings.Value, needsLabels: false);
        using Mlp mlp = model.Mlp;
        Dataset test = rows.Rows;
        int threads = settings.Value.Threads ?? 0;
        float[] probabilities = new float[(long)test.Count * mlp.Outputs];
        mlp.Predict(test.AsBatch(), probabilities, PredictionKind.Probabilities, threads);
        if (probabilities.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) is var bad and >= 0)
            return Failure.Report(ExitCodes.Diverged, $"Row {bad / mlp.Outputs} has no class, because a score is {probabilities[bad]}: its features may be too large for this model.");

        for (int row = 0; row < test.Count; row++)
        {
            stop.ThrowIfCancellationRequested();
            ReadOnlySpan<float> scores = probabilities.AsSpan(row * mlp.Outputs, mlp.Outputs);
            int best = IndexOfMax(scores);
            if (mode.Json)
                JsonLines.Write(new PredictionEvent("prediction", row, best, JsonLines.Finite(scores[best])), JsonLines.Types.PredictionEvent);
            else
                Console.Out.WriteLine(best.ToString(CultureInfo.InvariantCulture));
        }
        if (mode.Json)
            EvaluateJob.WriteResult(mlp, rows.HasLabels ? mlp.Evaluate(test.AsBatch(), threads) : null, settings.Value.Model);
        return ExitCodes.Done;
    }

    // The first of equals, as everywhere in the library.
    private static int IndexOfMax(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }
        return best;
    }
}
