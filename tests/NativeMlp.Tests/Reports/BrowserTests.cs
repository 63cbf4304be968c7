// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Reports;

/// <summary>Reports in headless Chromium; skipped where it is not installed.</summary>
public sealed class BrowserTests(RunFixture runs) : IClassFixture<RunFixture>
{
    private static readonly string? s_chromium = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    [Fact]
    public void Report_InABrowser_HasAllItsFigures()
    {
        using var folder = new TemporaryFolder();
        string page = ReportPage.Write(RunRecord.Read(runs.Classes)), path = folder.File("report.html");
        File.WriteAllText(path, page);
        CommandResult result = Browse(folder, path, "--dump-dom");
        Assert.Equal(Count(page, "<figure "), Count(result.Output, "<figure "));
        Assert.Equal(Count(page, "<svg "), Count(result.Output, "</svg>"));
        Assert.DoesNotContain("<script", result.Output, StringComparison.OrdinalIgnoreCase); // hostile names have become no element
        Assert.DoesNotContain("parsererror", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(500)]
    public void Report_InAWindow_IsDrawn(int width)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("report.html"), ReportPage.Write(RunRecord.Read(runs.Spirals)));
        Browse(folder, folder.File("report.html"), $"--screenshot={folder.File("page.png")}", $"--window-size={width},1600", "--hide-scrollbars");
        byte[] png = File.ReadAllBytes(folder.File("page.png"));
        Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.True(png.Length > 20_000, $"{png.Length} bytes: the page is nearly empty");
    }

    private static CommandResult Browse(TemporaryFolder folder, string page, params string[] options)
    {
        Assert.SkipWhen(s_chromium is null, "chromium is not installed");
        CommandResult result = new Command(s_chromium!, ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder.File("profile")}", .. options, new Uri(page).AbsoluteUri]).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
