// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Runs;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Reports;

/// <summary>What is shown of a run while it goes on.</summary>
public sealed class LiveTests
{
    private static readonly RunStart s_start = new("run", "spirals", Networks: 1, Epochs: 4, StepsPerEpoch: 10, Steps: 40, Rows: 100, HasValidation: true) { Shape = "2-8-3" };

    [Fact]
    public void Sparkline_OfRisingValues_Rises()
    {
        Sparkline line = new();
        for (int i = 0; i < 8; i++)
            line.Add(1 + i);
        Assert.Equal("▁▂▃▄▅▆▇█", line.Draw(8));
        Assert.Equal("▁▃▆█", line.Draw(4)); // means 1.5, 3.5, 5.5, 7.5
    }

    [Fact]
    public void Sparkline_WithAValueSinceTheLastDrawing_ShowsIt()
    {
        Sparkline line = new();
        line.Add(1);
        line.Add(2);
        Assert.Equal("▁█", line.Draw(8));
        line.Add(3);
        Assert.Equal("▁▅█", line.Draw(8)); // 2 is half of the range: level 4 of 0 to 7
    }

    [Fact]
    public void Sparkline_OfAMillionValues_KeepsItsWidth()
    {
        Sparkline line = new();
        for (int i = 0; i < 1_000_000; i++)
            line.Add(i);
        string drawn = line.Draw(40);
        Assert.InRange(drawn.Length, 20, 40);
        Assert.Equal(new string([.. drawn.Order()]), drawn);
    }

    /// <summary>An example that could not be written would compile nothing, and no one would see it.</summary>
    [Fact]
    public void Example_ThatIsWrittenToCompile_HasCurves()
    {
        string page = ReportPage.Write(ReportObserver.Example());
        Assert.Contains("<h1>example", page, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(page, "<figure")); // loss, accuracy and learning rate
    }

    [Fact]
    public void Region_DrawnAgain_TakesThePlaceOfTheFirst()
    {
        StringWriter output = new() { NewLine = "\n" };
        LiveRegion region = new();
        region.Draw(output, 6, "abcdefgh", "x");
        region.Draw(output, 6, "yz", "");
        region.Clear();
        region.Clear();
        Assert.Equal("\rabcde\e[K\n\rx\e[K\n" + "\e[2A\ryz\e[K\n\r\e[K\n" + "\e[2A\r\e[J", output.ToString());
    }

    /// <summary>The region is taken away, the line written and the region drawn again below it, as it was.</summary>
    [Fact]
    public void Region_WhileALineIsWritten_StandsBelowIt()
    {
        StringWriter output = new() { NewLine = "\n" };
        LiveRegion region = new();
        region.Above(() => output.WriteLine("first"));
        region.Draw(output, 6, "abcdefgh", "x");
        region.Above(() => region.Above(() => output.WriteLine("second")));
        Assert.Equal("first\n\rabcde\e[K\n\rx\e[K\n" + "\e[2A\r\e[J" + "second\n" + "\rabcde\e[K\n\rx\e[K\n", output.ToString());
        Assert.Equal(["first", "second", "abcde", "x"], ScreenRecording.Lines(output.ToString()));
    }

    [Fact]
    public void Progress_OfHalfARun_IsAHalf()
    {
        ProgressFigures figures = new(s_start);
        figures.Stepped(0, new StepReport(2, 20, default, 0.1));
        figures.EpochEnded(0, new EpochReport(2, 20, 0.5, 0.75, 0.625, 0.5, 0.1, 1234.5, TimeSpan.FromSeconds(3)));
        Assert.Equal(0.5, figures.Share);
        Assert.Equal("loss 0.5000, validation 0.6250, accuracy 0.7500, validation 0.5000, 1,234 rows/s", figures.Figures());
        Assert.StartsWith("epoch 3 of 4  ━", figures.Lines(80)[0], StringComparison.Ordinal);
        Assert.All(figures.Lines(40), line => Assert.InRange(line.Length, 0, 80));

        figures.EpochEnded(0, new EpochReport(3, 30, 0.25, 0.875, null, null, 0.1, 2345.6, TimeSpan.FromSeconds(4)));
        Assert.Equal("loss 0.2500, accuracy 0.8750, 2,345 rows/s", figures.Figures());
    }

    [Fact]
    public void Stepped_OfManySteps_AllocatesNothing()
    {
        ProgressFigures figures = new(s_start);
        StepReport step = new(1, 5, default, 0.1);
        figures.Stepped(0, step);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
            figures.Stepped(0, step);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
