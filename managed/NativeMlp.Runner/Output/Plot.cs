// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Xml.Linq;

namespace NativeMlp.Runner.Output;

/// <summary>Curves over one another in axes with round numbers, as a part of an SVG document.</summary>
/// <param name="left">Of the room that it has.</param>
/// <param name="top">Likewise.</param>
/// <param name="title">What is drawn.</param>
/// <param name="horizontal">What it is drawn over.</param>
internal sealed class Plot(double left, double top, string title, string horizontal)
{
    private const double AxisLeft = 56;
    private const double AxisTop = 28;
    private const double Width = 340;
    private const double Height = 180;
    private const double LegendWidth = 125;

    private static readonly string[] Styles = ["first", "second"];

    /// <summary>Draws one curve, or two with a legend.</summary>
    public XElement Draw(params IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> curves)
    {
        XElement plot = Svg.Element("g");
        Axis across = new(0, curves.Max(curve => curve.Points[^1].X));
        Axis up = new(curves.Min(curve => curve.Points.Min(p => p.Y)), curves.Max(curve => curve.Points.Max(p => p.Y)));
        plot.Add(Svg.Label(title, "name", X(0), top + 12), Svg.Label(horizontal, "end", X(1), Y(0) + 34));
        foreach (double tick in up.Ticks)
            plot.Add(Svg.Line("grid", X(0), Y(up.Share(tick)), X(1), Y(up.Share(tick))), Svg.Label(up.Label(tick), "end", X(0) - 6, Y(up.Share(tick)) + 4));
        foreach (double tick in across.Ticks)
            plot.Add(Svg.Line("grid", X(across.Share(tick)), Y(0), X(across.Share(tick)), Y(0) + 4), Svg.Label(across.Label(tick), "middle", X(across.Share(tick)), Y(0) + 18));
        for (int i = 0; i < curves.Count; i++)
        {
            plot.Add(Svg.Polyline(Styles[i], curves[i].Points.Select(p => (X(across.Share(p.X)), Y(up.Share(p.Y))))));
            if (curves.Count > 1)
                plot.Add(Legend(curves[i].Name, Styles[i], X(1) - ((curves.Count - i) * LegendWidth)));
        }
        return plot;
    }

    private IEnumerable<XElement> Legend(string name, string style, double x) =>
        [Svg.Polyline(style, [(x, top + 8), (x + 18, top + 8)]), Svg.Label(name, "name", x + 23, top + 12)];

    private double X(double share) => left + AxisLeft + (share * Width);

    private double Y(double share) => top + AxisTop + ((1 - share) * Height);

    /// <summary>From a round number at or below the least value to one at or above the greatest.</summary>
    private sealed class Axis
    {
        private const int MostTicks = 6;

        private static readonly double[] Factors = [1, 2, 5, 10];

        private readonly double _least;
        private readonly double _most;
        private readonly int _decimals;

        public Axis(double least, double most)
        {
            double unit = Unit(Math.Max(most - least, 1e-9));
            (_least, _most) = (Math.Floor(least / unit) * unit, Math.Ceiling(most / unit) * unit);
            if (_least == _most)
                _most += unit;
            _decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(unit * 1.0001)));
            Ticks = [.. Enumerable.Range(0, (int)Math.Round((_most - _least) / unit) + 1).Select(i => _least + (i * unit))];
        }

        public IReadOnlyList<double> Ticks { get; }

        /// <summary>All ticks of an axis have as many decimals: 0.10, 0.15, 0.20.</summary>
        public string Label(double tick) => tick.ToString("N" + _decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

        public double Share(double value) => (value - _least) / (_most - _least);

        // 1, 2 or 5 times a power of ten.
        private static double Unit(double range)
        {
            double power = Math.Pow(10, Math.Floor(Math.Log10(range / MostTicks)));
            return Factors.Select(factor => factor * power).First(unit => unit * MostTicks >= range);
        }
    }
}
