// SPDX-License-Identifier: MIT
using System.Xml.Linq;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>Figures that contain an image: the first-layer weights, and the predictions over the plane of two inputs.</summary>
internal static class PictureFigures
{
    private const int MostTiles = 64;
    private const double MapLightness = 0.42;

    // The colours of the light theme: an image cannot follow the theme of the page.
    private static readonly (byte R, byte G, byte B)[] s_series = [(0, 114, 178), (213, 94, 0), (0, 128, 95), (170, 68, 136), (61, 143, 196), (179, 119, 0), (109, 58, 140), (85, 85, 85)];

    public static Figure? Weights(ModelRecord? model)
    {
        if (model is null || model.FirstWeights.Length == 0)
            return null;
        int units = model.FirstWeights.Length / model.Inputs, shown = Math.Min(units, MostTiles);
        Picture grid = WeightTiles.Draw(model.FirstWeights, units, PictureRows.SideOf(model.Inputs), shown);
        string colours = PictureRows.IsColoured(model.Inputs) ? "The colours of each tile range from its smallest weight (dark) to its largest (bright)."
            : "Orange weights are positive: bright pixels there increase the sum of the unit. Blue weights are negative, and white weights are near 0.";
        return new Figure("weights", "First-layer weights", $"The weights of each hidden unit as an image. {colours}{(shown < units ? FormattableString.Invariant($" The figure shows {shown} of {units:#,0} units.") : "")}",
            Framed("First-layer weights as images", grid, out _));
    }

    public static Figure? Region(TestRecord test)
    {
        if (test.Region is not { } region)
            return null;
        int rows = region.Answers.Length / region.Columns;
        Picture map = new(region.Columns, rows);
        for (int i = 0; i < region.Answers.Length; i++)
        {
            (byte r, byte g, byte b) = region.Answers[i] < 0 ? ((byte)128, (byte)128, (byte)128) : s_series[region.Answers[i] % s_series.Length];
            (map.Rgb[3 * i], map.Rgb[(3 * i) + 1], map.Rgb[(3 * i) + 2]) = (Pale(r), Pale(g), Pale(b));
        }

        Axis across = Axis.From(region.Bounds[..2]), up = Axis.From(region.Bounds[2..]);
        Chart chart = new("Decision regions", across, Printable.Text(region.Inputs[0], 40), up, Printable.Text(region.Inputs[1], 40));
        chart.Add(Image(map, chart.X(across.Least), chart.Y(up.Most), chart.X(across.Most) - chart.X(across.Least), chart.Y(up.Least) - chart.Y(up.Most)));
        for (int c = 0; c < test.Width; c++)
        {
            (double, double)[] points = [.. Enumerable.Range(0, region.Classes.Length).Where(i => region.Classes[i] == c).Select(i => (region.Points[2 * i], region.Points[(2 * i) + 1]))];
            chart.Dots("under", points);
            chart.Dots(Chart.Style(c), points);
        }

        for (int c = 0; c < Math.Min(test.Width, FigureStyle.Series); c++)
            chart.Legend(c, test.Names[c]);
        return new Figure("region", "Decision regions", "The predicted class over the plane of the two inputs. The dots are some of the test rows in the colour of their true class.", chart.ToSvg());
    }

    /// <summary>An image as a figure. It is as wide as the page allows, and its pixels are not smoothed.</summary>
    private static XElement Framed(string description, Picture picture, out double height)
    {
        height = Chart.Width * picture.Height / picture.Width;
        XElement svg = Chart.Canvas(description);
        svg.Add(Image(picture, 0, 0, Chart.Width, height));
        return Chart.Sized(svg, Chart.Width, height);
    }

    private static XElement Image(Picture picture, double x, double y, double width, double height) => Svg.Element("image",
        ("x", x), ("y", y), ("width", width), ("height", height), ("preserveAspectRatio", "none"), ("href", "data:image/png;base64," + Convert.ToBase64String(Png.Encode(picture))));

    private static byte Pale(byte colour) => (byte)(255 - ((255 - colour) * MapLightness));
}
