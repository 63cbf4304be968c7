// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>The curves of several runs in one chart.</summary>
internal static class ComparisonFigures
{
    private const int MostPoints = 1600;

    public static IEnumerable<Figure> Of(IReadOnlyList<RunRecord> runs)
    {
        (string Name, string Title, Func<EpochFigures, double?> Value)[] kinds =
        [
            ("loss", "Training loss", epoch => epoch.Loss), ("validation-loss", "Validation loss", epoch => epoch.ValidationLoss),
            ("accuracy", "Training accuracy", epoch => epoch.Accuracy), ("validation-accuracy", "Validation accuracy", epoch => epoch.ValidationAccuracy),
        ];
        foreach ((string name, string title, Func<EpochFigures, double?> value) in kinds)
        {
            IReadOnlyList<(double X, double Y)>[] curves = [.. runs.Select(run => Mean(run, value))];
            if (curves.Any(curve => curve.Count > 0))
                yield return Draw(name, title, runs, curves);
        }
    }

    private static Figure Draw(string name, string title, IReadOnlyList<RunRecord> runs, IReadOnlyList<(double X, double Y)>[] curves)
    {
        IEnumerable<(double X, double Y)> all = curves.SelectMany(curve => curve);
        Chart chart = new($"{title} over the epochs", Axis.Counting(all.Min(point => point.X), all.Max(point => point.X)), "epoch", Axis.Covering(all.Select(point => point.Y)), title.ToLowerInvariant());
        for (int i = 0; i < curves.Length; i++)
        {
            if (curves[i].Count == 0)
                continue;
            chart.Curve(i, Thinned.Curve(curves[i], Math.Max(MostPoints / curves.Length, 50)));
            chart.Legend(i, runs[i].Name);
        }

        return new Figure(name, title, runs.Any(run => run.History.Networks > 1) ? "The curve of an ensemble is the mean of its networks." : "", chart.ToSvg());
    }

    private static IReadOnlyList<(double X, double Y)> Mean(RunRecord run, Func<EpochFigures, double?> value) => [.. run.History.Epochs
        .Where(epoch => value(epoch) is not null).GroupBy(epoch => epoch.Epoch).OrderBy(group => group.Key).Select(group => ((double)group.Key, group.Average(epoch => value(epoch)!.Value)))];
}
