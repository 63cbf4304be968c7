// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>A frame with two axes into which curves and points are drawn, with a legend below.</summary>
internal sealed class Chart
{
    public const double Width = 420;

    /// <summary>A curve of at most this many points also shows the points.</summary>
    private const int FewPoints = 25;
    private const double LeastLeft = 58;
    private const double LabelGap = 7;
    private const double Right = 14;
    private const double Top = 26;
    private const double PlotHeight = 210;
    private const double AxisHeight = 40;
    private const double LegendRow = 20;
    private const double LetterWidth = 6.6;

    /// <summary>The width of a digit in DejaVu Sans, which is wider than the other usual fonts: 0.636 of 12 pixels.</summary>
    private const double DigitWidth = 7.7;
    private const double SampleWidth = 26;
    private const int LongestName = 40;

    private readonly Axis _across;
    private readonly Axis _up;
    private readonly double _left;
    private readonly XElement _svg;
    private double _height = Top + PlotHeight + AxisHeight;
    private double _legendLeft;

    /// <param name="description">The description for screen readers.</param>
    /// <param name="across">The horizontal axis.</param>
    /// <param name="horizontal">The label of the horizontal axis.</param>
    /// <param name="up">The vertical axis.</param>
    /// <param name="vertical">The label of the vertical axis.</param>
    public Chart(string description, Axis across, string horizontal, Axis up, string vertical)
    {
        (_across, _up) = (across, up);
        _left = _legendLeft = Math.Max(LeastLeft, (up.Ticks.Max(tick => up.Label(tick).Length) * DigitWidth) + LabelGap);
        _svg = Canvas(description);
        foreach (double tick in up.Ticks)
            _svg.Add(Svg.Line("grid", _left, Y(tick), Width - Right, Y(tick)), Svg.Label(up.Label(tick), "end soft", _left - LabelGap, Y(tick) + 4));
        foreach (double tick in across.Ticks)
            _svg.Add(Svg.Line("grid", X(tick), Top + PlotHeight, X(tick), Top + PlotHeight + 4), Tick(across.Label(tick), X(tick)));
        _svg.Add(Svg.Line("grid", _left, Top + PlotHeight, Width - Right, Top + PlotHeight));
        _svg.Add(Svg.Label(vertical, "soft", 4, 14), Svg.Label(horizontal, "end soft", Width - Right, Top + PlotHeight + 34));
    }

    /// <summary>An empty drawing.</summary>
    public static XElement Canvas(string description)
    {
        XElement svg = Svg.Element("svg", ("class", "figure"), ("role", "img"));
        svg.Add(Svg.Element("title", description));
        return svg;
    }

    /// <summary>Sets the size of a drawing.</summary>
    public static XElement Sized(XElement svg, double width, double height)
    {
        svg.Add(new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width:0.##} {height:0.##}")));
        return svg;
    }

    public double X(double value) => _left + (Math.Clamp(_across.ShareOf(value), 0, 1) * (Width - _left - Right));

    public double Y(double value) => Top + ((1 - Math.Clamp(_up.ShareOf(value), 0, 1)) * PlotHeight);

    public void Add(XElement element) => _svg.Add(element);

    /// <summary>Draws a curve through the points, with gaps where one is not finite.</summary>
    public void Curve(int series, IReadOnlyList<(double X, double Y)> points)
    {
        List<(double X, double Y)> part = [];
        foreach ((double X, double Y) point in points.Append((double.NaN, double.NaN)))
        {
            if (double.IsFinite(point.X) && double.IsFinite(point.Y))
            {
                part.Add((X(point.X), Y(point.Y)));
                continue;
            }

            if (part.Count > 1)
                _svg.Add(Svg.Polyline(Style(series), part));
            part = [];
        }

        if (points.Count <= FewPoints)
            Dots(Style(series), points);
    }

    /// <summary>Draws points as one path, which takes few bytes.</summary>
    /// <param name="style">The CSS classes of the points, such as the class of their colour.</param>
    /// <param name="points">The points. Points that are not finite are left out.</param>
    public void Dots(string style, IEnumerable<(double X, double Y)> points)
    {
        StringBuilder path = new();
        foreach ((double x, double y) in points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)))
            path.Append(CultureInfo.InvariantCulture, $"M{X(x):0.#} {Y(y):0.#}h0");
        if (path.Length > 0)
            _svg.Add(Svg.Element("path", ("class", "dots " + style), ("d", path.ToString())));
    }

    /// <summary>A straight line between two points of the axes.</summary>
    public void Guide(double x1, double y1, double x2, double y2) => _svg.Add(Svg.Line("guide", X(x1), Y(y1), X(x2), Y(y2)));

    /// <summary>A bar from the horizontal axis up.</summary>
    public void Bar(string style, double from, double to, double height) => _svg.Add(Svg.Element("rect", ("class", style),
        ("x", X(from)), ("y", Y(height)), ("width", Math.Max(X(to) - X(from) - 1, 0.5)), ("height", Math.Max(Y(Math.Max(_up.Least, 0)) - Y(height), 0))));

    /// <summary>Adds the name of a series to the legend below the axes, in a new row if it does not fit.</summary>
    public void Legend(int series, string name)
    {
        name = Printable.Text(name, LongestName);
        double width = SampleWidth + (name.Length * LetterWidth) + 16;
        if (_legendLeft == _left || _legendLeft + width > Width)
            (_legendLeft, _height) = (_left, _height + LegendRow);
        double y = _height - 8;
        _svg.Add(Svg.Polyline(Style(series), [(_legendLeft, y - 4), (_legendLeft + SampleWidth - 6, y - 4)]), Svg.Label(name, "", _legendLeft + SampleWidth, y));
        _legendLeft += width;
    }

    // In the middle below its tick, or as far to the right as the drawing lets it be.
    private static XElement Tick(string label, double x) => x + (label.Length * LetterWidth / 2) <= Width
        ? Svg.Label(label, "middle soft", x, Top + PlotHeight + 17) : Svg.Label(label, "end soft", Width, Top + PlotHeight + 17);

    public XElement ToSvg() => Sized(_svg, Width, _height);

    public static string Style(int series) => string.Create(CultureInfo.InvariantCulture, $"s{series % FigureStyle.Series}");
}
