// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Reports;

/// <summary>The page of compare while a run goes on.</summary>
public sealed class CompareJobTests(RunFixture runs) : IClassFixture<RunFixture>
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    /// <summary>The test of a run is written after its result; the lock is held until then.</summary>
    [Fact]
    public async Task Run_WhereARunHasWrittenItsResultButNotItsTest_WaitsForTheTest()
    {
        using TemporaryFolder place = new();
        string folder = runs.MakeBare("ending", epochs: 3, ended: true), page = place.File("page.html");
        RunLock held = RunLock.TryTake(folder)!;
        RunnerSettings settings = new() { Html = page, Runs = [folder] };
        Task<int> job = Task.Run(() => new CompareJob(Options.Create(settings)).Run(s_token), s_token);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(page), TimeSpan.FromSeconds(60)));
        Assert.DoesNotContain("<h2>Test</h2>", await File.ReadAllTextAsync(page, s_token), StringComparison.Ordinal);
        File.Copy(Path.Combine(runs.Spirals, RunFolder.Test), Path.Combine(folder, RunFolder.Test));
        held.Dispose();
        Assert.Equal(0, await job);
        Assert.Contains("<h2>Test</h2>", await File.ReadAllTextAsync(page, s_token), StringComparison.Ordinal);
    }
}
