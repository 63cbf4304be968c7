// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;

namespace NativeMlp.Tests.Metrics;

/// <summary>Intervals and tests against statsmodels 0.13.5 and scipy 1.10.1, and against what can be counted by hand.</summary>
public sealed class UncertaintyTests
{
    // statsmodels.stats.proportion.proportion_confint(successes, trials, 0.05, "wilson")
    [Theory]
    [InlineData(8, 10, 0.49016247153664183, 0.9433178485456247)]
    [InlineData(0, 10, 0.0, 0.27753279986288926)]
    [InlineData(10, 10, 0.7224672001371106, 1.0)]
    [InlineData(8500, 10000, 0.8428671825013008, 0.8568640186392256)]
    [InlineData(1, 1, 0.2065493143772374, 1.0)]
    [InlineData(81, 263, 0.2552885198782742, 0.36620957698280004)]
    public void OfProportion_OfCounts_IsWilsonsInterval(long successes, long trials, double low, double high)
    {
        ConfidenceInterval interval = ConfidenceInterval.OfProportion(successes, trials);
        Assert.Equal(low, interval.Low, 1e-12);
        Assert.Equal(high, interval.High, 1e-12);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void OfProportion_OfImpossibleCounts_Throws(long successes, long trials) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfidenceInterval.OfProportion(successes, trials));

    // statsmodels.stats.contingency_tables.mcnemar([[0, b], [c, 0]], exact=True)
    [Theory]
    [InlineData(5, 9, 0.4239501953125)]
    [InlineData(0, 3, 0.25)]
    [InlineData(25, 10, 0.016673847800120715)]
    [InlineData(120, 180, 0.0006342200069283597)]
    [InlineData(3000, 3200, 0.011488253770871587)]
    [InlineData(1, 1, 1.0)]
    [InlineData(0, 0, 1.0)]
    public void McNemar_OfCounts_IsTheExactBinomialTest(int onlyFirst, int onlySecond, double expected)
    {
        List<(bool First, bool Second)> rows = [.. Enumerable.Repeat((true, false), onlyFirst), .. Enumerable.Repeat((false, true), onlySecond),
            (true, true), (false, false), (true, true)];
        McNemarTest test = McNemarTest.Compare([.. rows.Select(row => row.First)], [.. rows.Select(row => row.Second)]);
        Assert.Equal((onlyFirst, onlySecond), (test.OnlyFirst, test.OnlySecond));
        Assert.Equal(expected, test.PValue, 1e-10);
    }

    // scipy.stats.permutation_test((d, 0), mean, permutation_type="samples", n_resamples=inf)
    [Fact]
    public void SignFlip_OfFewDifferences_TriesAllSigns()
    {
        SignFlipTest test = SignFlipTest.Compute([0.5, -1.25, 2.0, 0.75, 3.0, -0.25, 1.5, 0.125]);
        Assert.Equal(0.796875, test.MeanDifference, 1e-15);
        Assert.Equal(0.1484375, test.PValue, 1e-15);
    }

    // The same with 200,000 random choices: 0.05344. The standard deviation of 9,999 of them is 0.0022.
    [Fact]
    public void SignFlip_OfManyDifferences_IsNearTheTrueProbability()
    {
        double[] differences = [.. Enumerable.Range(0, 200).Select(i => (i * 37 % 101 / 10.0) - 4.6)];
        SignFlipTest test = SignFlipTest.Compute(differences);
        Assert.Equal(0.4045, test.MeanDifference, 1e-12);
        Assert.InRange(test.PValue, 0.0534 - 0.0066, 0.0534 + 0.0066);
        Assert.Equal(test, SignFlipTest.Compute(differences));
    }

    [Fact]
    public void SignFlip_OfEqualMeasurements_HasProbabilityOne()
    {
        Assert.Equal(1, SignFlipTest.Compute([0, 0, 0]).PValue);
        Assert.Equal(1, SignFlipTest.Compute(new double[100]).PValue);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void SignFlip_OfADifferenceThatIsNotFinite_SaysNothing(double difference)
    {
        Assert.True(double.IsNaN(SignFlipTest.Compute([1, difference, 2]).PValue));
        Assert.True(double.IsNaN(SignFlipTest.Compute([.. new double[100], difference]).PValue));
    }

    // 2·Σ C(3000, i)/2³⁰⁰⁰ for i up to 1400, by whole numbers of any length.
    [Fact]
    public void McNemar_OfManyRows_HasTheExactProbability()
    {
        bool[] first = new bool[3000], second = new bool[3000];
        Array.Fill(first, true, 0, 1400);
        Array.Fill(second, true, 1400, 1600);
        Assert.Equal(0.0002785639610392337, McNemarTest.Compare(first, second).PValue, 1e-15);
    }

    [Fact]
    public void Bootstrap_OfOneRow_HasNoInterval() => Assert.Equal([null], Bootstrap.Intervals(1, [counts => counts[0]]));

    // scipy.stats.bootstrap((y,), numpy.mean, method="percentile", n_resamples=20000): 4.744, 5.254, standard error 0.1305.
    [Fact]
    public void Bootstrap_OfAMean_IsNearItsInterval()
    {
        double[] values = [.. Enumerable.Range(0, 500).Select(i => i * 37 % 101 / 10.0)];
        ConfidenceInterval interval = Bootstrap.Intervals(values.Length, [counts => Mean(values, counts)], samples: 4000)[0]!.Value;
        Assert.Equal(4.744, interval.Low, 0.03);
        Assert.Equal(5.254, interval.High, 0.03);
    }

    [Fact]
    public void Bootstrap_OfAStatisticThatIsSeldomDefined_IsNull()
    {
        double[] values = [1, 2, 3];
        Assert.Equal(new ConfidenceInterval?[] { null, new(3, 3) }, Bootstrap.Intervals(3,
            [counts => counts[0] > 1 ? Mean(values, counts) : double.NaN, counts => counts[0] + counts[1] + counts[2]]));
    }

    [Fact]
    public void Bootstrap_WithTheSameSeed_IsTheSame()
    {
        double[] values = [1, 2, 3, 4, 5, 6, 7, 8];
        ConfidenceInterval? Of(ulong seed) => Bootstrap.Intervals(8, [counts => Mean(values, counts)], 50, seed)[0];
        Assert.Equal(Of(1), Of(1));
        Assert.NotEqual(Of(1), Of(2));
    }

    [Fact]
    public void Bootstrap_OfSamplesOnSeveralThreads_IsThatOfOneThread()
    {
        double[] values = [.. Enumerable.Range(0, 501).Select(i => i * 37 % 101 / 10.0)];
        IReadOnlyList<ConfidenceInterval?> expected = Bootstrap.Intervals(501, [counts => Mean(values, counts), counts => counts[500]], 301, 7);
        Assert.Equal(expected, Bootstrap.Intervals(501, 2, (counts, results) => (results[0], results[1]) = (Mean(values, counts), counts[500]), 301, 7));
    }

    [Fact]
    public void Bootstrap_OfAStatisticThatThrows_ThrowsThatException() =>
        Assert.Throws<FormatException>(() => Bootstrap.Intervals(3, [_ => throw new FormatException()]));

    [Fact]
    public void RandomDraws_AfterSomeDraws_ContinueWithTheNext()
    {
        RandomDraws draws = new(5);
        for (int i = 0; i < 1000; i++)
            draws.Next();
        Assert.Equal(draws.Next(), new RandomDraws(5).After(1000).Next());
    }

    // The example of scikit-learn's documentation of roc_curve and precision_recall_curve.
    [Fact]
    public void ScoreCurves_OfFourRows_HaveThePointsOfScikitLearn()
    {
        ScoreCurves curves = ScoreCurves.Of([0.1, 0.4, 0.35, 0.8], [false, false, true, true], [])!;
        Assert.Equal(new (double, double)[] { (0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1) }, curves.Roc);
        Assert.Equal(new (double, double)[] { (0.5, 1), (1, 2 / 3.0) }, curves.PrecisionRecall);
    }

    [Fact]
    public void ScoreCurves_OfOneClassOrNaN_AreNotDefined()
    {
        Assert.Null(ScoreCurves.Of([0.1, 0.4], [true, true], []));
        Assert.Null(ScoreCurves.Of([0.1, double.NaN], [true, false], []));
    }

    [Fact]
    public void ScoreCurves_OfEqualScores_TakeThemTogether()
    {
        ScoreCurves curves = ScoreCurves.Of([0.5, 0.5, 0.5, 0.2], [true, false, true, false], [])!;
        Assert.Equal(new (double, double)[] { (0, 0), (0.5, 1), (1, 1) }, curves.Roc);
        Assert.Equal(new (double, double)[] { (1, 2 / 3.0) }, curves.PrecisionRecall);
    }

    private static double Mean(double[] values, ReadOnlySpan<int> counts)
    {
        double sum = 0;
        int rows = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += counts[i] * values[i];
            rows += counts[i];
        }

        return sum / rows;
    }
}
