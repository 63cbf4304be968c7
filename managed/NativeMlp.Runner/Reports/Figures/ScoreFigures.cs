// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Metrics;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>Shows the quality of the predicted probabilities: ROC curve, precision-recall curve, and calibration.</summary>
internal static class ScoreFigures
{
    private const int MostPoints = 200;
    private const int MostCurves = 8;
    private const int LongestName = 22;

    public static IEnumerable<Figure> Of(TestRecord test)
    {
        int[] shown = Shown(test);
        (int Name, ScoreCurves Curves)[] curves = [.. shown.Select(name => (name, CurvesOf(test, name))).Where(curve => curve.Item2 is not null).Select(curve => (curve.name, curve.Item2!))];
        if (curves.Length > 0)
        {
            yield return Roc(test, curves);
            yield return Precision(test, curves);
        }

        if (test.HasClasses && Calibration(test) is { } calibration)
            yield return calibration;
    }

    // With two classes, only the second; with many, those with the most rows.
    private static int[] Shown(TestRecord test) => test.Task == TableTask.Binary ? [1]
        : [.. Enumerable.Range(0, test.Width).OrderByDescending(name => Enumerable.Range(0, test.Rows).Count(row => test.Holds(row, name))).Take(MostCurves).Order()];

    private static ScoreCurves? CurvesOf(TestRecord test, int name) =>
        ScoreCurves.Of(test.Column(test.Scores, name), [.. Enumerable.Range(0, test.Rows).Select(row => test.Holds(row, name))], test.Weights);

    private static Figure Roc(TestRecord test, (int Name, ScoreCurves Curves)[] curves)
    {
        Chart chart = new("ROC curves", Axis.Share, "false positive rate", Axis.Share, "true positive rate");
        chart.Guide(0, 0, 1, 1);
        for (int i = 0; i < curves.Length; i++)
        {
            chart.Curve(i, Thinned.Curve(curves[i].Curves.Roc, MostPoints));
            chart.Legend(i, $"{NameOf(test, curves[i].Name)}: {TextOf(curves[i].Curves.Areas.RocAuc)}");
        }

        return new Figure("roc", "ROC curve", $"The true positive rate of {Which(test)} against the false positive rate, for all thresholds. The area under the curve is 0.5 for guessing (dashed) and 1 at best.{More(test)}", chart.ToSvg());
    }

    private static Figure Precision(TestRecord test, (int Name, ScoreCurves Curves)[] curves)
    {
        Chart chart = new("Precision-recall curves", Axis.Share, "recall", Axis.Share, "precision");
        for (int i = 0; i < curves.Length; i++)
        {
            chart.Curve(i, [(0, curves[i].Curves.PrecisionRecall[0].Y), .. Thinned.Curve(curves[i].Curves.PrecisionRecall, MostPoints)]);
            chart.Legend(i, $"{NameOf(test, curves[i].Name)}: {TextOf(curves[i].Curves.Areas.AveragePrecision)}");
        }

        return new Figure("precision-recall", "Precision-recall curve", $"The precision for {Which(test)} against the recall, for all thresholds. The area under the curve is the average precision.{More(test)}", chart.ToSvg());
    }

    private static Figure? Calibration(TestRecord test)
    {
        CalibrationBins bins = new();
        for (int row = 0; row < test.Rows; row++)
        {
            int judged = test.Width == 2 ? 1 : Array.IndexOf([.. test[row]], test[row].ToArray().Max());
            if (judged < 0 || double.IsNaN(test[row][judged]))
                return null;
            bins.Add(test[row][judged], test.Classes[row] == judged, test.Weights.Length == 0 ? 1 : test.Weights[row]);
        }

        (double Weight, double Promised, double Happened)[] filled = [.. bins.Filled];
        double total = filled.Sum(bin => bin.Weight), most = filled.Max(bin => bin.Weight);
        Chart chart = new("Calibration", Axis.Share, "predicted probability", Axis.Share, "observed share");
        double width = 1.0 / ClassificationMetrics.CalibrationBins;
        foreach ((double weight, double promised, _) in filled)
        {
            double from = Math.Max(Math.Ceiling(promised / width) - 1, 0) * width;
            chart.Bar("f7 faint", from, from + width, 0.25 * weight / most);
        }

        chart.Guide(0, 0, 1, 1);
        chart.Curve(0, [.. filled.Select(bin => (bin.Promised, bin.Happened))]);
        string error = (bins.Gap / total).ToString("0.0000", CultureInfo.InvariantCulture);
        string what = test.Width == 2 ? $"of {Printable.Text(test.Names[1], LongestName)}" : "of the predicted class";
        return new Figure("calibration", $"Calibration, error {error}",
            $"The observed share against the predicted probability {what}. On the dashed line, the two are equal. The bars show the number of rows in each bin. The expected calibration error is the mean distance from the dashed line.", chart.ToSvg());
    }

    private static string TextOf(double? area) => area?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";

    private static string NameOf(TestRecord test, int name) => Printable.Text(test.Names[name], LongestName);

    private static string Which(TestRecord test) => test.Task == TableTask.Binary ? $"‘{Printable.Text(test.Names[1], LongestName)}’"
        : test.HasClasses ? "a class" : "a label";

    private static string More(TestRecord test) => test.Width > MostCurves ? $" The figure shows the {MostCurves} of {test.Width} with the most rows." : "";
}
