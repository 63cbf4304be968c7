// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NativeMlp.Runner.Reports.Figures;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Tables;

namespace NativeMlp.Tests.Reports;

/// <summary>What the pages about runs say, and what they never contain.</summary>
public sealed partial class PageTests(RunFixture runs) : IClassFixture<RunFixture>
{
    private const int MostBytes = 1_000_000;

    [Fact]
    public void Report_OfARunOfClasses_HasEachPart()
    {
        string page = ReportPage.Write(RunRecord.Read(runs.Spirals));
        string[] figures = [.. Figures().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.Equal(["loss", "accuracy", "confusion", "roc", "precision-recall", "calibration", "region"], figures);
        Assert.All(["Training", "Test", "Classes", "Worst predictions", "Settings", "Repeat this run"], title => Assert.Contains($"<h2>{title}</h2>", page, StringComparison.Ordinal));
        Assert.Contains("nativemlp train --config", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfARegression_HasResiduals()
    {
        string page = ReportPage.Write(RunRecord.Read(runs.Numbers));
        string[] figures = [.. Figures().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.Equal(["loss", "accuracy", "predicted", "residuals", "residual-distribution", "importance"], figures);
        Assert.Contains("<td>R&#178;</td>", page, StringComparison.Ordinal);
    }

    /// <summary>A column is one of numbers if all of its cells are; the first has the names of the rows.</summary>
    [Fact]
    public void Table_OfNumbersAndTexts_HasTheNumbersAtTheRight()
    {
        string table = Page.Table(["name", "p", "school"], [["1", "< 0.1", "12th"], ["2", "", "Some-college"]]).ToString();
        Assert.Contains("<tr><th>name</th><th class=\"number\">p</th><th>school</th></tr>", table, StringComparison.Ordinal);
        Assert.Contains("<tr><td>1</td><td class=\"number\">&lt; 0.1</td><td>12th</td></tr>", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9996, "not a (&gt;\u00A099.9\u00A0%)")]
    [InlineData(0.98765, "not a (98.8\u00A0%)")]
    [InlineData(1, "not a (100\u00A0%)")]
    public void Mistakes_OfAnyProbability_SayItOnOneLineAndNotTooHigh(double score, string words)
    {
        TestRecord test = new()
        {
            Task = TableTask.Multiclass,
            Names = ["a", "b"],
            Scores = [score, 1 - score],
            Classes = [1],
            Answers = [0],
            RowsSha256 = "",
            Mistakes = [new Mistake(0, "b", "a", score, [], new byte[28 * 28])],
        };
        Assert.Contains(words, MistakeTable.Of(test).ToString().Replace("&#160;", "\u00A0", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_WithALongLabelAtItsEdge_KeepsItInside()
    {
        Chart chart = new("", Axis.Counting(1, 30_000), "epoch", Axis.Share, "loss");
        XElement label = chart.ToSvg().Descendants().Single(element => element.Value == "30,000");
        Assert.Equal("end soft", label.Attribute("class")!.Value);
        Assert.Equal(Chart.Width, (double)label.Attribute("x")!);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.000995, 0.001)]
    [InlineData(-0.000000102, -0.0000001)]
    [InlineData(1_000_000, 1_000_010)]
    [InlineData(3.1e-14, 3.06e-12)]
    [InlineData(1e-12, 1e-12)]
    [InlineData(1e9 + 0.05, 1e9 + 0.1)]
    public void Chart_WithLongLabelsAtItsVerticalAxis_KeepsThemInside(double least, double most)
    {
        const double DigitWidth = 0.636 * 12; // in DejaVu Sans; a point, a comma or a sign is narrower
        Axis up = Axis.Covering([least, most]);
        Chart chart = new("", Axis.From([least, most]), "across", up, "up");
        Assert.NotEmpty(Axis.From([least, most]).Ticks);
        HashSet<string> labels = [.. up.Ticks.Select(up.Label)];
        Assert.Equal(up.Ticks.Count, labels.Count);
        Assert.All(chart.ToSvg().Descendants().Where(element => labels.Contains(element.Value) && (string?)element.Attribute("class") == "end soft"),
            label => Assert.True((double)label.Attribute("x")! >= label.Value.Length * DigitWidth, label.ToString()));
    }

    [Theory]
    [InlineData("spirals")]
    [InlineData("people")]
    [InlineData("prices")]
    public void Report_OfAnyRun_NeedsNoNetworkAndHasNoScript(string run)
    {
        string page = ReportPage.Write(RunRecord.Read(Path.Combine(runs.Folder, run)));
        Assert.True(page.Length < MostBytes, $"{page.Length} bytes");
        Assert.Empty(Outside().Matches(Embedded().Replace(page, "").Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u0001', page);
        Assert.DoesNotContain("http-equiv=\"refresh\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfHostileNames_ShowsThemAsText()
    {
        string page = ReportPage.Write(RunRecord.Read(runs.Classes));
        Assert.Contains("&lt;script&gt;alert(&#39;&quot;1&quot;&#39;)&lt;/script&gt;&amp;amp;\\u0001", page, StringComparison.Ordinal);
        XElement[] figures = [.. SvgParts().Matches(page).Select(match => XElement.Parse(match.Value))];
        Assert.Contains(figures, figure => figure.Value.Contains("<script>", StringComparison.Ordinal));
    }

    [Fact]
    public void Report_OfARunThatGoesOn_ReloadsItself()
    {
        string folder = runs.MakeBare("going", epochs: 3, ended: false);
        using RunLock? held = RunLock.TryTake(folder);
        string page = ReportPage.Write(RunRecord.Read(folder));
        Assert.Contains("<meta http-equiv=\"refresh\" content=\"2\">", page, StringComparison.Ordinal);
        Assert.Contains("<progress max=\"20\" value=\"3\">", page, StringComparison.Ordinal);
        Assert.Contains(">running<", page, StringComparison.Ordinal);
        Assert.Contains("this page reloads every 2 seconds until the run ends", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfARunThatWasKilled_SaysSoAndDoesNotReload()
    {
        RunRecord run = RunRecord.Read(runs.MakeBare("killed", epochs: 3, ended: false));
        string page = ReportPage.Write(run), compared = ComparePage.Write(new Comparison([run, run]), goesOn: false);
        Assert.DoesNotContain("http-equiv=\"refresh\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"status bad\">unfinished<", page, StringComparison.Ordinal);
        Assert.Contains(">unfinished<", compared, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfAMillionEpochs_StaysSmall()
    {
        EpochFigures[] epochs = [.. Enumerable.Range(1, 1_000_000).Select(i => new EpochFigures(0, i, i, 1.0 / i, null, 2.0 / i, null, 0.1, i, 1))];
        string page = ReportPage.Write(new RunRecord("run", new ConfigRecord([]), new HistoryRecord(epochs, null), null, null));
        Assert.True(page.Length < 100_000, $"{page.Length} bytes");
    }

    [Fact]
    public void Report_OfAThousandClasses_StaysSmall()
    {
        const int classes = 1000, rows = 2000;
        TestRecord test = new()
        {
            Task = TableTask.Multiclass,
            Names = [.. Enumerable.Range(0, classes).Select(c => $"class number {c}")],
            Scores = [.. Enumerable.Repeat(1.0 / classes, classes * rows)],
            Classes = [.. Enumerable.Range(0, rows).Select(row => row % classes)],
            Answers = [.. Enumerable.Range(0, rows).Select(row => row * 7 % classes)],
            RowsSha256 = "",
        };
        RunRecord run = new("run", new ConfigRecord([]), new HistoryRecord([], new RunResult("done", null, null, null, null)), test, null);
        string page = ReportPage.Write(run);
        Assert.True(page.Length < MostBytes, $"{page.Length} bytes");
    }

    [Fact]
    public void Figures_AsFiles_AreWholeDocumentsWithTheirStyle()
    {
        IReadOnlyList<Figure> figures = RunFigures.Of(RunRecord.Read(runs.Classes));
        Assert.Equal(figures.Count, figures.Select(figure => figure.Name).Distinct().Count());
        Assert.All(figures, figure =>
        {
            XElement svg = XElement.Parse(figure.ToFile());
            Assert.Equal("svg", svg.Name.LocalName);
            Assert.Contains(svg.Elements(), element => element.Name.LocalName == "style");
            Assert.Matches(@"^0 0 \d+(\.\d+)? \d+(\.\d+)?$", (string)svg.Attribute("viewBox")!);
        });
    }

    [Fact]
    public void Compare_OfTwoRuns_SaysWhatDiffers()
    {
        string page = ComparePage.Write(new Comparison([RunRecord.Read(runs.Spirals), RunRecord.Read(runs.OtherSpirals)]), goesOn: false);
        Assert.Contains("<td>Seed</td><td class=\"long\">1</td><td class=\"long\">2</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>Hidden</td>", page, StringComparison.Ordinal);
        Assert.Contains("McNemar", page, StringComparison.Ordinal);
        Assert.Contains("id=\"region-2\"", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("<figure id=\"([a-z0-9-]+)\"")]
    private static partial Regex Figures();

    [GeneratedRegex("(https?:)?//[a-z]|@import|url\\(|src=\"(?!data:)|href=\"(?!data:)", RegexOptions.IgnoreCase)]
    private static partial Regex Outside();

    [GeneratedRegex("(?<=base64,)[A-Za-z0-9+/=]+")]
    private static partial Regex Embedded();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex SvgParts();
}
