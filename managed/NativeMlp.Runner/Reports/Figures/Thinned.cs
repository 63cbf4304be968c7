// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Reports.Figures;

/// <summary>Reduces the number of points of a curve without changing how it looks.</summary>
internal static class Thinned
{
    /// <summary>Returns at most about <paramref name="most"/> of the points: the first, the last, and the minimum and maximum of each interval
    /// between them.</summary>
    public static IReadOnlyList<(double X, double Y)> Curve(IReadOnlyList<(double X, double Y)> points, int most)
    {
        if (points.Count <= most)
            return points;
        int size = ((2 * points.Count) + most - 1) / most;
        IEnumerable<(double X, double Y)> extremes = points.Skip(1).SkipLast(1).Chunk(size)
            .SelectMany(chunk => new[] { chunk.MinBy(point => point.Y), chunk.MaxBy(point => point.Y) }.Distinct().OrderBy(point => point.X));
        return [points[0], .. extremes, points[^1]];
    }
}
