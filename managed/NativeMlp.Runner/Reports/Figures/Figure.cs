// SPDX-License-Identifier: MIT
using System.Xml.Linq;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>A drawing with a title and a caption.</summary>
/// <param name="Name">The name of its file, without an extension.</param>
/// <param name="Title">The title above the drawing.</param>
/// <param name="Caption">The text below the drawing, which explains how to read it.</param>
/// <param name="Drawing">The svg element, without a style of its own.</param>
internal sealed record Figure(string Name, string Title, string Caption, XElement Drawing)
{
    /// <summary>The figure as part of a page that contains <see cref="FigureStyle.Rules"/>.</summary>
    public string ToInline() => Drawing.ToString(SaveOptions.DisableFormatting);

    /// <summary>The figure as a file.</summary>
    public string ToFile()
    {
        XElement file = new(Drawing);
        file.AddFirst(Svg.Element("style", FigureStyle.OfFile));
        file.Add(new XAttribute("width", Chart.Width * 2));
        return file + "\n";
    }
}
