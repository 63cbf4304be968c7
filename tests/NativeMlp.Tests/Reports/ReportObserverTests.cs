// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Reports;

/// <summary>What the report of a run shows while the run goes on and after its end, and what it says of its faults.</summary>
public sealed class ReportObserverTests
{
    private static readonly ResultEvent s_done = new("result", "done", 0.5, 0.5, 6, "abc", null);

    [Fact]
    public void Finished_AfterALiveWriteFailed_SaysNothingWhereTheLastSucceeds()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(RunFolder.Report));
        ReportObserver observer = Started(folder);
        SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(300)); // the page is being written
        Directory.Delete(folder.File(RunFolder.Report));
        Assert.Null(observer.Finished(new RunEnd(folder.Path, s_done)));
        Assert.True(File.Exists(folder.File(RunFolder.Report)));
    }

    [Fact]
    public void Finished_WhereTheTestCannotBeSaved_SaysThatItIsLost()
    {
        using var folder = new TemporaryFolder();
        ReportObserver observer = Started(folder);
        Directory.CreateDirectory(folder.File(RunFolder.Test));
        using Mlp mlp = new(new MlpOptions { Inputs = 2, Outputs = 2 });
        string? sentence = observer.Finished(new RunEnd(folder.Path, s_done) { Network = mlp, Test = Synthetic.Moons(20, seed: 1) });
        Assert.Contains($"The predictions for the test rows could not be saved as {folder.File(RunFolder.Test)} and are lost: ", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Finished_WhereTheReportThrowsWhatNobodyExpects_ReturnsASentence()
    {
        using var folder = new TemporaryFolder();
        ReportObserver observer = Started(folder);
        Mlp mlp = new(new MlpOptions { Inputs = 2, Outputs = 2 });
        mlp.Dispose();
        string? sentence = observer.Finished(new RunEnd(folder.Path, s_done) { Network = mlp, Test = Synthetic.Moons(20, seed: 1) });
        Assert.Contains("are lost: Unexpected ObjectDisposedException", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void EpochEnded_OfAFold_IsNotInThePage()
    {
        using var folder = new TemporaryFolder();
        ReportObserver observer = Started(folder);
        observer.PartBegan(1, Start(folder));
        SpinWait.SpinUntil(() => File.Exists(folder.File(RunFolder.Report)), TimeSpan.FromSeconds(30));
        Thread.Sleep(TimeSpan.FromSeconds(Page.ReloadSeconds + 0.1));
        observer.EpochEnded(0, new EpochReport(7, 20, 0.5, 0.75, null, null, 0.1, 1234.5, TimeSpan.FromSeconds(3)));
        observer.PartBegan(0, Start(folder));
        observer.EpochEnded(0, new EpochReport(2, 20, 0.5, 0.75, null, null, 0.1, 1234.5, TimeSpan.FromSeconds(3)));
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(folder.File(RunFolder.Report)).Contains("Training loss", StringComparison.OrdinalIgnoreCase), TimeSpan.FromSeconds(30)));
        Assert.DoesNotContain(">7<", File.ReadAllText(folder.File(RunFolder.Report)), StringComparison.Ordinal);
    }

    /// <summary>A model in the folder may be an earlier run's.</summary>
    [Theory]
    [InlineData(null, "A network,")]
    [InlineData("spill.safetensors", "A network 2-2,")]
    public void Finished_OverAnEarlierRun_ShowsOnlyTheModelOfThisOne(string? saved, string words)
    {
        using var folder = new TemporaryFolder();
        ReportObserver observer = Started(folder);
        using (Mlp earlier = new(new MlpOptions { Inputs = 2, Hidden = [5], Outputs = 2 }))
            Checkpoint.Save(earlier, folder.File(RunFolder.Best), new CheckpointInfo());
        using (Mlp spilled = new(new MlpOptions { Inputs = 2, Outputs = 2 }))
            Checkpoint.Save(spilled, folder.File("spill.safetensors"), new CheckpointInfo());
        Assert.Null(observer.Finished(new RunEnd(folder.Path, s_done) { ModelPath = saved is null ? null : folder.File(saved) }));
        Assert.Contains($"<p class=\"lead\">{words}", File.ReadAllText(folder.File(RunFolder.Report)), StringComparison.Ordinal);
    }

    private static ReportObserver Started(TemporaryFolder folder)
    {
        File.WriteAllText(folder.File(RunFolder.Config), "{\"NativeMlp\":{\"Data\":\"moons\",\"Epochs\":20}}");
        ReportObserver observer = new(threads: 1);
        observer.Started(Start(folder));
        return observer;
    }

    private static RunStart Start(TemporaryFolder folder) =>
        new(folder.Path, "moons", Networks: 1, Epochs: 20, StepsPerEpoch: 10, Steps: 200, Rows: 60, HasValidation: false) { Shape = "2-2" };
}
