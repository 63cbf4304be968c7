// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace NativeMlp.Runner.Reports.Pages;

/// <summary>A part of a page. It is made from interpolated text, whose holes are escaped unless they are parts themselves: what
/// came from outside cannot become markup.</summary>
internal readonly record struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Empty { get; }

    public static Html Of(HtmlHandler markup) => new(markup.ToString());

    /// <summary>Markup of our own making.</summary>
    public static Html Trusted(string markup) => new(markup);

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part._markup)));

    public override string ToString() => _markup ?? "";
}

/// <summary>Collects the literals and the holes of an interpolated text.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlHandler(int literalLength, int formattedCount)
{
    private const int LongestText = 20_000;
    private const int GuessedHole = 16;

    private readonly StringBuilder _markup = new(literalLength + (formattedCount * GuessedHole));

    public void AppendLiteral(string literal) => _markup.Append(literal);

    public void AppendFormatted(Html part) => _markup.Append(part.ToString());

    public void AppendFormatted(string? text) => _markup.Append(WebUtility.HtmlEncode(Printable.Text(text, LongestText)));

    public void AppendFormatted(int number) => _markup.Append(number.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _markup.ToString();
}
