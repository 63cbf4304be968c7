// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;
using System.Text;
using NativeMlp.Interop;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Reports.Live;

/// <summary>Keeps the report of a run up to date. A background thread rewrites it after epochs, at most every two seconds. At the end of
/// the run, it is written once more, with the test results. A report that cannot be written never fails the run.</summary>
/// <param name="threads">The number of worker threads for the predictions of the test rows; 0 for the default.</param>
internal sealed class ReportObserver(int threads) : IRunObserver
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(Page.ReloadSeconds);

    private readonly List<EpochFigures> _epochs = [];
    private RunRecord? _run;
    private bool _isFold; // the page shows only the final model
    private Task _writing = Task.CompletedTask;
    private DateTime _written;

    /// <summary>Starts to compile the code that writes pages, on a processor that is idle while the data are read. Otherwise, the training would
    /// lose that processor when the first page is written.</summary>
    public static void CompileAhead()
    {
        if (RuntimeFeature.IsDynamicCodeCompiled)
            Task.Run(() => FaultOf(() => ReportPage.Write(Example())));
    }

    public void Started(RunStart start)
    {
        try
        {
            File.Delete(Path.Combine(start.Folder, RunFolder.Test)); // from an earlier run, or from this run before it was resumed
            _epochs.AddRange(HistoryRecord.Read(start.Folder).Epochs);
            _run = new RunRecord(start.Folder, ConfigRecord.Read(start.Folder), new HistoryRecord([], null), null, null);
            Write();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Writing the last page is attempted in any case.
        }
    }

    public void PartBegan(int fold, RunStart part)
    {
        _isFold = fold > 0;
        _run = _run is null ? null : _run with { EpochsPlanned = part.Epochs, Networks = RunRecord.NetworksOf(part.Networks, part.Shape) };
    }

    public void EpochEnded(int network, EpochReport epoch)
    {
        if (_isFold)
            return;
        _epochs.Add(new EpochFigures(network, epoch.Epoch, epoch.Step, Finite(epoch.TrainLoss), Finite(epoch.TrainAccuracy), Finite(epoch.ValidationLoss),
            Finite(epoch.ValidationAccuracy), Finite(epoch.LearningRate), epoch.Elapsed.TotalSeconds, Finite(epoch.SamplesPerSecond)));
        if (_run is not null && _writing.IsCompleted && DateTime.UtcNow - _written >= s_period)
            Write();
    }

    public string? Finished(RunEnd end)
    {
        _writing.Wait();
        List<string> sentences = [];
        if (FaultOf(() => SaveTest(end)) is { } test)
            sentences.Add($"The predictions for the test rows could not be saved as {Printable.Path(Path.Combine(end.Folder, RunFolder.Test))} and are lost: {test}");
        if (FaultOf(() => Save(end.Folder, ReportPage.Write(RunRecord.Read(end.Folder, end.ModelPath)))) is { } page)
            sentences.Add($"The report in {Printable.Path(end.Folder)} could not be written: {page} Write it later with nativemlp report.");
        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    /// <summary>A run with curves, which has no folder.</summary>
    internal static RunRecord Example()
    {
        EpochFigures Epoch(int epoch) => new(0, epoch, epoch, 1.0 / epoch, 0.5, 1.0 / epoch, 0.5, 0.1 / epoch, epoch, 1);
        ConfigRecord config = new([(Setting.Data.Key, "example"), (Setting.Epochs.Key, "3")]);
        return new RunRecord("example", config, new HistoryRecord([Epoch(1), Epoch(2)], null), null, null);
    }

    // Catches every exception, because the run itself has succeeded.
    private static string? FaultOf(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            return WriteFault.Reason(e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Failure.Describe(e).Sentence;
        }
    }

    private void SaveTest(RunEnd end)
    {
        if (end.Result.Status is "done" or "stopped_early" && Record(end) is { } test)
            TestRecordFile.Save(test, end.Folder);
    }

    private TestRecord? Record(RunEnd end)
    {
        if (end is { Network: { } network, Test: { } rows })
            return NetworkRecorder.Record(network, rows, end.Order, threads);
        return end is { Table: { } table, TestRows: { } testRows } ? TableRecorder.Record(table.Model, testRows, threads) : null;
    }

    private void Write()
    {
        RunRecord run = _run! with { History = new HistoryRecord([.. _epochs], null) };
        _written = DateTime.UtcNow;
        BusyThread busy = new(); // before the next step begins
        _writing = Task.Run(() => FaultOf(() => Save(run.Folder, Prepare(run, busy)))); // the next write may succeed
    }

    private static string Prepare(RunRecord run, BusyThread busy)
    {
        using (busy)
            return ReportPage.Write(run);
    }

    private static void Save(string folder, string page) => AtomicFile.WriteAllBytes(Path.Combine(folder, RunFolder.Report), Encoding.UTF8.GetBytes(page));

    private static double? Finite(double? value) => JsonLines.Finite(value);
}
