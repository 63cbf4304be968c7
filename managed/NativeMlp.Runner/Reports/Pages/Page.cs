// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Figures;

namespace NativeMlp.Runner.Reports.Pages;

/// <summary>Builds pages. A page needs no network access and contains no script, and text from outside is escaped.</summary>
internal static class Page
{
    /// <summary>The number of seconds after which the page of an unfinished run reloads.</summary>
    public const int ReloadSeconds = 2;

    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    /// <param name="title">The name of the page.</param>
    /// <param name="reloads">Whether the page reloads itself.</param>
    /// <param name="body">The content.</param>
    public static string Document(string title, bool reloads, Html body) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        {(reloads ? Html.Of($"<meta http-equiv=\"refresh\" content=\"{ReloadSeconds}\">\n") : Html.Empty)}<title>{title}</title>
        <style>
        {Html.Trusted(PageStyle.Rules)}
        </style>
        </head>
        <body>
        <main>
        {body}
        <footer>Written by NativeMlp {ProgramVersion.Text}. This page needs no network.</footer>
        </main>
        </body>
        </html>

        """).ToString();

    /// <summary>A heading with its content; empty if there is no content.</summary>
    public static Html Section(string title, Html content) => content.ToString().Length == 0 ? Html.Empty : Html.Of($"<section>\n<h2>{title}</h2>\n{content}\n</section>\n");

    public static Html Figures(IEnumerable<Figure> figures)
    {
        Html all = Html.Join(figures.Select(Draw));
        return all.ToString().Length == 0 ? Html.Empty : Html.Of($"<div class=\"figures\">\n{all}</div>");
    }

    public static Html Tiles(IEnumerable<(string Name, string Value, string More)> tiles) => Html.Of(
        $"<div class=\"tiles\">{Html.Join(tiles.Select(tile => Html.Of($"<div class=\"tile\"><span>{tile.Name}</span><b>{tile.Value}</b><span>{tile.More}</span></div>")))}</div>\n");

    /// <summary>A table whose columns of numbers end at the right.</summary>
    public static Html Table(IEnumerable<string> header, IEnumerable<IEnumerable<string>> rows)
    {
        string[][] cells = [.. rows.Select(row => row.ToArray())];
        string[] names = [.. header];
        bool[] isNumber = [.. names.Select((_, i) => i > 0 && cells.All(row => IsNumber(row[i])))];
        return Html.Of($"<div class=\"scroll\"><table><thead><tr>{Cells("th", names, isNumber)}</tr></thead><tbody>{Html.Join(cells.Select(row => Html.Of($"<tr>{Cells("td", row, isNumber)}</tr>\n")))}</tbody></table></div>\n");
    }

    /// <summary>A table of texts.</summary>
    public static Html Texts(IEnumerable<string> header, IEnumerable<IEnumerable<string>> rows) => Html.Of(
        $"<div class=\"scroll\"><table class=\"text\"><thead><tr>{Html.Join(header.Select(name => Html.Of($"<th>{name}</th>")))}</tr></thead><tbody>{Html.Join(rows.Select(row => Html.Of($"<tr>{Html.Join(row.Select((cell, i) => i == 0 ? Html.Of($"<td>{cell}</td>") : Html.Of($"<td class=\"long\">{cell}</td>")))}</tr>\n")))}</tbody></table></div>\n");

    private static Html Cells(string tag, string[] cells, bool[] isNumber) =>
        Html.Join(cells.Select((cell, i) => isNumber[i] ? Html.Of($"<{tag} class=\"number\">{cell}</{tag}>") : Html.Of($"<{tag}>{cell}</{tag}>")));

    private static bool IsNumber(string cell) => cell.Length == 0 || char.IsAsciiDigit(cell[0]) || cell[0] is '+' or '-' or '–' or '<' or '>';

    private static Html Draw(Figure figure) => Html.Of(
        $"<figure id=\"{figure.Name}\"><h3>{figure.Title}</h3>{Html.Trusted(figure.ToInline())}<figcaption>{figure.Caption}</figcaption></figure>\n");
}
