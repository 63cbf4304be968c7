// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>A comparison of runs.</summary>
/// <param name="Runs">The runs. Each of the others is compared with the first one.</param>
internal sealed record Comparison(IReadOnlyList<RunRecord> Runs)
{
    /// <summary>The test figures of each run; empty for a run without a test.</summary>
    public IReadOnlyList<IReadOnlyList<Measure>> Measures { get; } = [.. Runs.Select(run => run.Test is { } test ? TestIntervals.Of(test) : (IReadOnlyList<Measure>)[])];

    /// <summary>The settings that differ between the runs, with the value of each run; "–" if a run does not have the setting.</summary>
    public IReadOnlyList<(string Key, IReadOnlyList<string> Values)> DifferentSettings { get; } = Differences(Runs);

    /// <summary>Each other run against the first one.</summary>
    public IReadOnlyList<PairedTest> Tests { get; } = [.. Runs.Skip(1).Select(run => PairedTest.Of(Runs[0], run))];

    /// <summary>The names of all figures, in the order in which they first occur.</summary>
    public IReadOnlyList<string> MeasureNames => [.. Measures.SelectMany(measures => measures.Select(measure => measure.Name)).Distinct()];

    /// <summary>A figure of a run; null if the run does not have it.</summary>
    public Measure? MeasureOf(int run, string name) => Measures[run].FirstOrDefault(measure => measure.Name == name);

    private static IReadOnlyList<(string, IReadOnlyList<string>)> Differences(IReadOnlyList<RunRecord> runs) => [.. runs
        .SelectMany(run => run.Config.Settings.Select(setting => setting.Key)).Distinct(StringComparer.Ordinal)
        .Select(key => (key, (IReadOnlyList<string>)[.. runs.Select(run => run.Config[key] ?? "–")]))
        .Where(setting => setting.Item2.Distinct(StringComparer.Ordinal).Count() > 1)];
}

/// <summary>A statistical test of whether two runs differ by more than chance, on the same test rows.</summary>
/// <param name="Name">The run that is compared.</param>
/// <param name="Figure">The figure that is compared: accuracy, or the mean squared error.</param>
/// <param name="Difference">The figure minus that of the first run; null if the runs cannot be compared.</param>
/// <param name="Interval">The 95 % interval of the difference, from the paired bootstrap.</param>
/// <param name="PValue">The p-value: of McNemar's exact test for predictions that are right or wrong, of the sign-flip test for errors.</param>
/// <param name="Note">An explanation: what was counted, or why the runs cannot be compared.</param>
internal sealed record PairedTest(string Name, string Figure, double? Difference, ConfidenceInterval? Interval, double? PValue, string Note)
{
    public const double Level = 0.05;

    /// <summary>The result of the test in a few words.</summary>
    public string Verdict => PValue switch
    {
        null => "not comparable",
        < Level when BetterIfGreater == Difference > 0 => "better",
        < Level => "worse",
        _ => "no clear difference",
    };

    private bool BetterIfGreater => Figure != SquaredError;

    private const string SquaredError = "squared error";

    public static PairedTest Of(RunRecord first, RunRecord other)
    {
        if (first.Test is not { } a || other.Test is not { } b)
            return Nothing(other, "a run has no predictions for test rows");
        if (a.RowsSha256 != b.RowsSha256 || a.Task != b.Task || !a.Names.SequenceEqual(b.Names) || a.Rows != b.Rows)
            return Nothing(other, "the test rows are not the same");
        if (a.Weights.Length > 0)
            return Nothing(other, "the test rows have weights, which the tests do not support");
        return a.Task == TableTask.Regression ? OfErrors(other, Errors(a), Errors(b)) : OfAnswers(other, Right(a), Right(b), a.HasClasses ? "accuracy" : "all labels right");
    }

    private static PairedTest Nothing(RunRecord other, string why) => new(other.Name, "", null, null, null, why);

    private static PairedTest OfAnswers(RunRecord other, bool[] first, bool[] second, string figure)
    {
        McNemarTest test = McNemarTest.Compare(first, second);
        double[] differences = [.. second.Zip(first, (b, a) => (b ? 1.0 : 0) - (a ? 1 : 0))];
        return new PairedTest(other.Name, figure, differences.Average(), IntervalOf(differences), test.PValue,
            $"McNemar: {test.OnlySecond:#,0} rows are right only in this run, {test.OnlyFirst:#,0} only in the first");
    }

    private static PairedTest OfErrors(RunRecord other, double[] first, double[] second)
    {
        double[] differences = [.. second.Zip(first, (b, a) => b - a)];
        if (!differences.All(double.IsFinite))
            return Nothing(other, "a prediction is not finite");
        SignFlipTest test = SignFlipTest.Compute(differences);
        return new PairedTest(other.Name, SquaredError, test.MeanDifference, IntervalOf(differences), test.PValue, "sign-flip test of the squared errors");
    }

    private static ConfidenceInterval? IntervalOf(double[] differences) => Bootstrap.Intervals(differences.Length, [counts =>
    {
        double sum = 0;
        for (int row = 0; row < counts.Length; row++)
            sum += counts[row] * differences[row];
        return sum / counts.Length;
    }], TestIntervals.SamplesFor(differences.Length))[0];

    private static bool[] Right(TestRecord test) => [.. Enumerable.Range(0, test.Rows).Select(row => test.HasClasses
        ? test.Answers[row] == test.Classes[row]
        : Enumerable.Range(0, test.Width).All(name => test.Holds(row, name) == test[row][name] > test.Threshold))];

    private static double[] Errors(TestRecord test) => [.. Enumerable.Range(0, test.Rows).Select(row =>
        Enumerable.Range(0, test.Width).Average(name => Math.Pow(test[row][name] - test.Targets[(row * test.Width) + name], 2)))];
}
