// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Reports.Live;

/// <summary>A curve in one line of text. If there are too many values, adjacent values are averaged.</summary>
internal sealed class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";
    private const int MostBuckets = 256;
    private const double LargeRatio = 10;

    private readonly List<double> _buckets = [];
    private int _size = 1; // values in a bucket
    private double _sum;
    private int _count;
    private string? _drawn; // null if the values have changed since it was drawn
    private int _drawnWidth;

    /// <summary>Adds a value. A value that is not finite is ignored.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
            return;
        (_sum, _count) = (_sum + value, _count + 1);
        if (_count < _size)
            return;
        _buckets.Add(_sum / _count);
        (_sum, _count, _drawn) = (0, 0, null);
        if (_buckets.Count == MostBuckets)
            Halve();
    }

    /// <summary>Returns at most <paramref name="width"/> characters; a higher character means a larger value.</summary>
    public string Draw(int width)
    {
        if (_drawn is null || _drawnWidth != width)
            (_drawn, _drawnWidth) = (DrawAnew(width), width);
        return _drawn;
    }

    private string DrawAnew(int width)
    {
        double[] values = [.. _buckets.Chunk(Math.Max((_buckets.Count + width - 1) / Math.Max(width, 1), 1)).Select(chunk => chunk.Average())];
        if (values.Length < 2)
            return "";
        if (values.Min() > 0 && values.Max() > LargeRatio * values.Min())
            values = Array.ConvertAll(values, Math.Log); // otherwise the first epochs would flatten the rest of the curve
        double least = values.Min(), range = Math.Max(values.Max() - least, double.Epsilon);
        return string.Concat(values.Select(value => Levels[(int)Math.Min((value - least) / range * Levels.Length, Levels.Length - 1)]));
    }

    private void Halve()
    {
        for (int i = 0; i < MostBuckets / 2; i++)
            _buckets[i] = (_buckets[2 * i] + _buckets[(2 * i) + 1]) / 2;
        _buckets.RemoveRange(MostBuckets / 2, MostBuckets / 2);
        _size *= 2;
    }
}
