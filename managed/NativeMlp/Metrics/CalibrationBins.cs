// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>Rows in bins of equal width by their probability: what was promised and what happened in each.</summary>
internal sealed class CalibrationBins
{
    private const int Count = ClassificationMetrics.CalibrationBins;
    private readonly double[] _promised = new double[Count];
    private readonly double[] _happened = new double[Count];

    /// <summary>The differences between what was promised and what happened, added over the bins.</summary>
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
        _promised[bin] += weight * probability;
        if (happened) _happened[bin] += weight;
    }
}
