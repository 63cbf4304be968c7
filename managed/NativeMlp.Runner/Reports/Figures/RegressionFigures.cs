// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>The predictions of a regression against the true values, and the distribution of the errors.</summary>
internal static class RegressionFigures
{
    private const int MostTargets = 4;
    private const int MostPoints = 800;
    private const int MostBins = 40;
    private const int LeastBins = 8;
    private const int LongestName = 40;

    public static IEnumerable<Figure> Of(TestRecord test)
    {
        if (test.HasClasses)
            yield break;
        for (int name = 0; name < Math.Min(test.Width, MostTargets); name++)
        {
            double[] predicted = test.Column(test.Scores, name), actual = test.Column(test.Targets, name);
            string suffix = test.Width == 1 ? "" : FormattableString.Invariant($"-{name + 1}");
            string of = test.Width == 1 ? "" : $" of {Printable.Text(test.Names[name], LongestName)}";
            yield return Predicted(predicted, actual, suffix, of);
            yield return Residuals(predicted, actual, suffix, of);
            yield return Spread([.. predicted.Zip(actual, (p, a) => p - a).Where(double.IsFinite)], suffix, of);
        }
    }

    private static Figure Predicted(double[] predicted, double[] actual, string suffix, string of)
    {
        Axis axis = Axis.From([.. predicted, .. actual]);
        Chart chart = new("Predicted against true values", axis, "true value", axis, "predicted value");
        chart.Guide(axis.Least, axis.Least, axis.Most, axis.Most);
        chart.Dots("s0 small", SampledRows.Of(actual.Length, MostPoints).Select(row => (actual[row], predicted[row])));
        return new Figure("predicted" + suffix, "Predicted against true" + of, "Correct predictions lie on the dashed line." + Some(actual.Length), chart.ToSvg());
    }

    private static Figure Residuals(double[] predicted, double[] actual, string suffix, string of)
    {
        double[] errors = [.. predicted.Zip(actual, (p, a) => p - a)];
        Axis across = Axis.From(predicted);
        Chart chart = new("Residuals over predicted values", across, "predicted value", Axis.Covering(errors.Append(0)), "predicted − true");
        chart.Guide(across.Least, 0, across.Most, 0);
        chart.Dots("s0 small", SampledRows.Of(actual.Length, MostPoints).Select(row => (predicted[row], errors[row])));
        return new Figure("residuals" + suffix, "Residuals" + of, "Errors should scatter around 0 at every predicted value. A curve or a funnel shape is structure that the model has not learnt." + Some(actual.Length), chart.ToSvg());
    }

    private static Figure Spread(double[] errors, string suffix, string of)
    {
        Axis across = Axis.Covering(errors);
        int bins = Math.Clamp((int)Math.Sqrt(errors.Length), LeastBins, MostBins);
        double width = (across.Most - across.Least) / bins;
        int[] counts = new int[bins];
        foreach (double error in errors)
            counts[Math.Clamp((int)((error - across.Least) / width), 0, bins - 1)]++;
        Chart chart = new("Distribution of the residuals", across, "predicted − true", Axis.Covering([0, counts.Max()]), "rows");
        for (int bin = 0; bin < bins; bin++)
            chart.Bar("f0", across.Least + (bin * width), across.Least + ((bin + 1) * width), counts[bin]);
        return new Figure("residual-distribution" + suffix, "Distribution of the residuals" + of, "The number of test rows by the size of their error.", chart.ToSvg());
    }

    private static string Some(int rows) => rows > MostPoints ? FormattableString.Invariant($" The figure shows {MostPoints:#,0} of {rows:#,0} rows.") : "";
}
