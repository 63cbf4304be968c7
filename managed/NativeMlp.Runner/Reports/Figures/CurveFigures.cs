// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>The curves of a run over its epochs.</summary>
internal static class CurveFigures
{
    private const int MostPoints = 600;

    public static IEnumerable<Figure> Of(HistoryRecord history)
    {
        if (history.Epochs.Count == 0)
            yield break;
        yield return Draw("loss", "Loss", history, epoch => epoch.Loss, epoch => epoch.ValidationLoss,
            "The training loss is the mean over an epoch, measured during training, including penalties. The validation loss is measured after the epoch.");
        if (history.Epochs.Any(epoch => epoch.Accuracy is not null || epoch.ValidationAccuracy is not null))
            yield return Draw("accuracy", "Accuracy", history, epoch => epoch.Accuracy, epoch => epoch.ValidationAccuracy, "The share of rows whose class is predicted correctly.");
        if (history.Epochs.Where(epoch => epoch.LearningRate is not null).Select(epoch => epoch.LearningRate).Distinct().Count() > 1)
            yield return Draw("learning-rate", "Learning rate", history, epoch => epoch.LearningRate, _ => null, "The learning rate of the last step of each epoch.");
    }

    private static Figure Draw(string name, string title, HistoryRecord history, Func<EpochFigures, double?> training, Func<EpochFigures, double?> validation, string caption)
    {
        int networks = Math.Max(history.Networks, 1);
        (int Series, string Label, Func<EpochFigures, double?> Value)[] kinds = [(0, validation(history.Epochs[^1]) is null && name == "learning-rate" ? "learning rate" : "training", training), (1, "validation", validation)];
        IGrouping<int, EpochFigures>[] runs = [.. history.Epochs.GroupBy(epoch => epoch.Network)];
        List<(int Series, IReadOnlyList<(double X, double Y)> Points)> curves = [.. kinds.SelectMany(kind => runs.Select(run => (kind.Series, Points(run, kind.Value)))).Where(curve => curve.Item2.Count > 0)];
        Chart chart = new($"{title} over the epochs", Axis.Counting(history.Epochs.Min(epoch => epoch.Epoch), history.Epochs.Max(epoch => epoch.Epoch)), "epoch",
            Axis.Covering(curves.SelectMany(curve => curve.Points.Select(point => point.Y))), title.ToLowerInvariant());
        foreach ((int series, IReadOnlyList<(double X, double Y)> points) in curves)
            chart.Curve(series, Thinned.Curve(points, MostPoints / networks));
        foreach ((int series, string label, _) in kinds.Where(kind => curves.Any(curve => curve.Series == kind.Series)))
            chart.Legend(series, label);
        return new Figure(name, title, networks == 1 ? caption : $"{caption} There is one curve for each network.", chart.ToSvg());
    }

    private static IReadOnlyList<(double X, double Y)> Points(IEnumerable<EpochFigures> epochs, Func<EpochFigures, double?> value) =>
        [.. epochs.Where(epoch => value(epoch) is not null).Select(epoch => ((double)epoch.Epoch, value(epoch)!.Value))];
}
