// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Pages;

/// <summary>The rows with the worst predictions: as images, or as a table of their cells.</summary>
internal static class MistakeTable
{
    public static Html Of(TestRecord? test)
    {
        if (test is null || test.Mistakes.Count == 0)
            return Html.Empty;
        string what = test.Task switch
        {
            TableTask.Regression => "The rows with the largest errors.",
            TableTask.Multilabel => "The rows whose true labels have the lowest predicted probability.",
            _ => "Wrong predictions whose true class has the lowest predicted probability. Some of these rows may have a wrong label.",
        };
        return Html.Of($"<p class=\"note\">{what}</p>\n{(test.Mistakes[0].Pixels.Length > 0 ? Pictures(test) : Rows(test))}");
    }

    private static Html Pictures(TestRecord test) => Html.Of($"<div class=\"pictures\">{Html.Join(test.Mistakes.Select(Picture))}</div>");

    private static Html Picture(Mistake mistake)
    {
        string png = Convert.ToBase64String(Png.Encode(PictureRows.ToPicture(mistake.Pixels)));
        return Html.Of($"<div><img alt=\"test row {mistake.Row + 1}\" src=\"data:image/png;base64,{png}\"><b>{mistake.Truth}</b><br>not {mistake.Answer} ({Share(mistake.Score)})</div>\n");
    }

    // A probability without a line break; one below 1 is never rounded to 100 %.
    private static string Share(double score) =>
        (score is >= 0.9995 and < 1 ? "> 99.9 %" : Format.Percent(Math.Round(score, 3))).Replace(' ', '\u00A0');

    private static Html Rows(TestRecord test)
    {
        bool regression = test.Task == TableTask.Regression;
        string[] header = test.Task switch
        {
            TableTask.Regression => ["row", "true", "predicted", test.Width == 1 ? "error" : "error of the first"],
            TableTask.Multilabel => ["row", "true", "predicted"],
            _ => ["row", "true", "predicted", "its probability"],
        };
        return Page.Table([.. header, .. test.Columns], test.Mistakes.Select(mistake => (IEnumerable<string>)
        [
            Format.Count(mistake.Row + 1), mistake.Truth, mistake.Answer,
            .. test.Task == TableTask.Multilabel ? [] : (string[])[regression ? Format.Real(mistake.Score) : Share(mistake.Score)],
            .. mistake.Cells,
        ]));
    }
}
