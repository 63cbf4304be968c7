// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Reports.Records;

/// <summary>The bounding rectangle of points in the plane, divided into cells. The first row of cells is the top row.</summary>
internal sealed class Plane
{
    public const int Columns = 96;
    public const int Rows = 72;

    private const double Margin = 0.04;
    private const int MostPoints = 600;

    private readonly double[] _points;

    /// <param name="points">The two inputs of each row, one after another. A row with an input that is not finite is ignored.</param>
    public Plane(double[] points)
    {
        _points = points;
        (double left, double right) = Range(0);
        (double bottom, double top) = Range(1);
        Bounds = [left, right, bottom, top];
    }

    /// <summary>Minimum and maximum of the first input, then of the second.</summary>
    public double[] Bounds { get; }

    /// <summary>The two inputs at the centre of each cell, one after another.</summary>
    public double[] Centers()
    {
        double[] centers = new double[2 * Columns * Rows];
        for (int i = 0; i < Columns * Rows; i++)
        {
            centers[2 * i] = Bounds[0] + ((Bounds[1] - Bounds[0]) * ((i % Columns) + 0.5) / Columns);
            centers[(2 * i) + 1] = Bounds[3] - ((Bounds[3] - Bounds[2]) * ((i / Columns) + 0.5) / Rows);
        }

        return centers;
    }

    /// <summary>The predictions at the centres, with some of the points.</summary>
    public Region ToRegion(IReadOnlyList<string> inputs, int[] answers, int[] classes)
    {
        int[] rows = [.. SampledRows.Of(classes.Length, MostPoints)
            .Where(row => double.IsFinite(_points[2 * row]) && double.IsFinite(_points[(2 * row) + 1]))];
        return new Region(inputs, Bounds, Columns, answers, [.. rows.SelectMany(row => _points[(2 * row)..((2 * row) + 2)])], [.. rows.Select(row => classes[row])]);
    }

    private (double Low, double High) Range(int input)
    {
        double[] values = [.. _points.Where((value, i) => i % 2 == input && double.IsFinite(value))];
        if (values.Length == 0)
            return (0, 1);
        double low = values.Min(), high = values.Max(), margin = high > low ? (high - low) * Margin : 0.5;
        return (low - margin, high + margin);
    }
}
