// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Reports.Live;

/// <summary>Keeps the report of a run up to date: written anew after an epoch, at most every two seconds and by a thread of its own, and
/// once more with the test when the run has ended. A report that cannot be written is told of at the end and decides nothing.</summary>
/// <param name="threads">Worker threads for the answers to the test rows; 0 for what the machine offers.</param>
internal sealed class ReportObserver(int threads) : IRunObserver
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(Page.ReloadSeconds);

    private readonly List<EpochFigures> _epochs = [];
    private RunRecord? _run;
    private bool _isFold; // the page shows the model itself
    private Task _writing = Task.CompletedTask;
    private DateTime _written;
    private Exception? _fault;

    public void Started(RunStart start)
    {
        try
        {
            File.Delete(Path.Combine(start.Folder, TestRecordFile.Name)); // of an earlier run, or of this one before it went on
            _epochs.AddRange(HistoryRecord.Read(start.Folder).Epochs);
            _run = new RunRecord(start.Folder, ConfigRecord.Read(start.Folder), new HistoryRecord([], null), null, null);
            Write();
        }
        catch (Exception e) when (WriteFault.Is(e) || e is DataFormatException)
        {
            _fault = e;
        }
    }

    public void PartBegan(int fold, RunStart part) => _isFold = fold > 0;

    public void Stepped(int network, in StepReport step)
    {
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

    public void Finished(RunEnd end)
    {
        _writing.Wait();
        try
        {
            if (end.Result.Status is "done" or "stopped_early" && Record(end) is { } test)
                TestRecordFile.Save(test, end.Folder);
            Save(end.Folder, ReportPage.Write(RunRecord.Read(end.Folder)));
        }
        catch (Exception e) when (WriteFault.Is(e) || e is DataFormatException)
        {
            _fault = e;
        }

        if (_fault is { } fault)
            Failure.Warn($"The report in {Printable.Path(end.Folder)} could not be written: {WriteFault.Reason(fault)} Once there is room, nativemlp report writes it.");
    }

    private TestRecord? Record(RunEnd end)
    {
        if (end is { Network: { } network, Test: { } rows })
            return NetworkRecorder.Record(network, rows, OrderIn(end.Folder), threads);
        return end is { Table: { } table, TestRows: { } testRows } ? TableRecorder.Record(table.Model, testRows, threads) : null;
    }

    private static PixelOrder OrderIn(string folder)
    {
        string path = Path.Combine(folder, ModelRecord.FileName);
        if (!File.Exists(path))
            return PixelOrder.Unstated;
        using SafeTensorsSource file = new(path);
        return file.Metadata.TryGetValue("pixel_order", out string? order) && Enum.TryParse(order, out PixelOrder known) ? known : PixelOrder.Unstated;
    }

    private void Write()
    {
        RunRecord run = _run! with { History = new HistoryRecord([.. _epochs], null) };
        _written = DateTime.UtcNow;
        _writing = Task.Run(() =>
        {
            try
            {
                Save(run.Folder, ReportPage.Write(run));
                _fault = null;
            }
            catch (Exception e) when (WriteFault.Is(e))
            {
                _fault = e; // there may be room the next time
            }
        });
    }

    private static void Save(string folder, string page) => AtomicFile.WriteAllBytes(Path.Combine(folder, ReportPage.FileName), Encoding.UTF8.GetBytes(page));

    private static double? Finite(double? value) => JsonLines.Finite(value);
}
