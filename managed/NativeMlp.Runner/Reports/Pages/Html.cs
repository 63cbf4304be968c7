// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace NativeMlp.Runner.Reports.Pages;

/// <summary>A part of a page. It is built from an interpolated string. Values are escaped unless they are parts themselves, so text from
/// outside cannot become markup.</summary>
internal readonly record struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Empty { get; }

    public static Html Of(HtmlHandler markup) => new(markup.ToString());

    /// <summary>Markup that this program has created.</summary>
    public static Html Trusted(string markup) => new(markup);

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part._markup)));

    public override string ToString() => _markup ?? "";
}

/// <summary>Collects the literals and the values of an interpolated string.</summary>
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
