// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Xml.Linq;

namespace NativeMlp.Runner.Output;

/// <summary>Creates elements of an SVG document, with numbers in the invariant culture.</summary>
internal static class Svg
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    public static XElement Element(string name, params IEnumerable<(string Name, object Value)> attributes) =>
        new(Namespace + name, attributes.Select(a => new XAttribute(a.Name, a.Value is double number ? Number(number) : a.Value)));

    public static XElement Element(string name, string text, params IEnumerable<(string Name, object Value)> attributes)
    {
        XElement element = Element(name, attributes);
        element.Value = text;
        return element;
    }

    public static XElement Label(string text, string style, double x, double y) => Element("text", text, ("class", style), ("x", x), ("y", y));

    public static XElement Line(string style, double x1, double y1, double x2, double y2) =>
        Element("line", ("class", style), ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2));

    public static XElement Polyline(string style, IEnumerable<(double X, double Y)> points) =>
        Element("polyline", ("class", style), ("points", string.Join(' ', points.Select(p => Number(p.X) + "," + Number(p.Y)))));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
