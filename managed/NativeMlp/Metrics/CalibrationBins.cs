// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>Rows in bins of equal width by their predicted probability, with the predicted and observed frequencies.</summary>
internal sealed class CalibrationBins
{
    private const int Count = ClassificationMetrics.CalibrationBins;
    private readonly double[] _promised = new double[Count];
    private readonly double[] _happened = new double[Count];
    private readonly double[] _weight = new double[Count];

    /// <summary>The bins with rows, in ascending order: their weight, their mean probability, and the observed frequency.</summary>
    public IEnumerable<(double Weight, double Promised, double Happened)> Filled => Enumerable.Range(0, Count)
        .Where(bin => _weight[bin] > 0).Select(bin => (_weight[bin], _promised[bin] / _weight[bin], _happened[bin] / _weight[bin]));

    /// <summary>The sum over the bins of the differences between predicted and observed frequencies.</summary>
    public double Gap
    {
        get
        {
            double gap = 0;
            for (int bin = 0; bin < Count; bin++) gap += Math.Abs(_promised[bin] - _happened[bin]);
            return gap;
        }
    }

    public void Add(double probability, bool happened, double weight)
    {
        int bin = Math.Max((int)Math.Ceiling(probability * Count) - 1, 0);
        _weight[bin] += weight;
        _promised[bin] += weight * probability;
        if (happened) _happened[bin] += weight;
    }
}
