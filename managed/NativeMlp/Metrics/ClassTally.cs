// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>For each class the weight of the rows that have it, that were predicted to have it, and of which both is true.</summary>
internal sealed class ClassTally(int classes)
{
    private readonly double[] _actual = new double[classes];
    private readonly double[] _predicted = new double[classes];
    private readonly double[] _right = new double[classes];
    private double _unclassified;

    /// <summary>The weight of all rows.</summary>
    public double Total { get; private set; }

    public double? Accuracy => Ratio.Of(Sum(_right), Total);

    /// <summary>The mean recall of the classes that rows have.</summary>
    public double? BalancedAccuracy => Enumerable.Range(0, classes).Select(Recall).Average();

    /// <summary>The mean over the classes that rows have or were predicted to have.</summary>
    public double? MacroF1 => Enumerable.Range(0, classes).Select(F1).Average();

    public double? WeightedF1 => Ratio.Of(Enumerable.Range(0, classes).Select(c => _actual[c] * F1(c)).Sum() ?? 0, Total);

    /// <summary>Matthews' coefficient: the correlation of classes and predictions, 0 where one of them is the same for all rows.</summary>
    public double? Matthews
    {
        get
        {
            double square = Total * Total;
            double covariance = (Sum(_right) * Total) - Dot(_actual, _predicted);
            double actual = square - Dot(_actual, _actual);
            double predicted = square - Dot(_predicted, _predicted) - (_unclassified * _unclassified);
            if (Total == 0) return null;
            return actual * predicted == 0 ? 0 : covariance / Math.Sqrt(actual * predicted);
        }
    }

    public void Add(int actual, int predicted, double weight)
    {
        Total += weight;
        _actual[actual] += weight;
        if (predicted == Mlp.NoClass) _unclassified += weight;
        else _predicted[predicted] += weight;
        if (actual == predicted) _right[actual] += weight;
    }

    public double Actual(int c) => _actual[c];

    public double Predicted(int c) => _predicted[c];

    public double Right(int c) => _right[c];

    public double? Precision(int c) => Ratio.Of(_right[c], _predicted[c]);

    public double? Recall(int c) => Ratio.Of(_right[c], _actual[c]);

    public double? F1(int c) => Ratio.Of(2 * _right[c], _actual[c] + _predicted[c]);

    private static double Sum(double[] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value;
        return sum;
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
