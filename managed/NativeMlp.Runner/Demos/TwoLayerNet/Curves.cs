// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Xml.Linq;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Figures;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>The course's plots as SVG: the loss of each run by step, and its training and validation accuracy by epoch.</summary>
internal static class Curves
{
    private const double RowHeight = 340;
    private const double TitleHeight = 34;
    private const int MostPoints = 1500;

    public static string Draw(IReadOnlyList<CourseRun> runs)
    {
        XElement svg = Chart.Canvas("Loss and accuracy of the two-layer network on CIFAR-10");
        svg.AddFirst(Svg.Element("style", FigureStyle.OfFile));
        for (int i = 0; i < runs.Count; i++)
            svg.Add(DrawRun(runs[i], i * RowHeight));
        svg.Add(new XAttribute("width", 2 * Chart.Width), new XAttribute("height", runs.Count * RowHeight));
        return Chart.Sized(svg, 2 * Chart.Width, runs.Count * RowHeight) + "\n";
    }

    private static IEnumerable<XElement> DrawRun(CourseRun run, double top)
    {
        yield return Svg.Label(run.Title, "heading", 12, top + 24);
        yield return At(0, top + TitleHeight, Plot("loss",
            ("", [.. run.Losses.Select((loss, i) => (i + 1.0, loss))])));
        yield return At(Chart.Width, top + TitleHeight, Plot("accuracy",
            ("training batch", [.. run.Epochs.Select(epoch => ((double)epoch.Step, epoch.Training))]),
            ("validation", [.. run.Epochs.Select(epoch => ((double)epoch.Step, epoch.Validation ?? 0))])));
    }

    private static XElement Plot(string title, params IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> curves)
    {
        Chart chart = new($"{title} by step", Axis.Covering(curves.Select(curve => curve.Points[^1].X).Append(0)), "step",
            Axis.Covering(curves.SelectMany(curve => curve.Points.Select(point => point.Y))), title);
        for (int i = 0; i < curves.Count; i++)
        {
            chart.Curve(i, Thinned.Curve(curves[i].Points, MostPoints));
            if (curves.Count > 1)
                chart.Legend(i, curves[i].Name);
        }

        return chart.ToSvg();
    }

    // Places a drawing inside another one, in its own size.
    private static XElement At(double x, double y, XElement drawing)
    {
        string[] box = drawing.Attribute("viewBox")!.Value.Split(' ');
        drawing.Add(new XAttribute("x", x.ToString(CultureInfo.InvariantCulture)), new XAttribute("y", y.ToString(CultureInfo.InvariantCulture)),
            new XAttribute("style", $"width:{box[2]}px;height:{box[3]}px"), new XAttribute("width", box[2]), new XAttribute("height", box[3]));
        return drawing;
    }
}
