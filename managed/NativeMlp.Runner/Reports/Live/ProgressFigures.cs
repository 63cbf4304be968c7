// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Training;

namespace NativeMlp.Runner.Reports.Live;

/// <summary>The progress of a part of a run, and the results of its last epoch.</summary>
internal sealed class ProgressFigures(RunStart start)
{
    private readonly long[] _steps = new long[start.Networks];
    private readonly long[] _firstSteps = [.. Enumerable.Repeat(-1L, start.Networks)];
    private readonly int[] _epochs = new int[start.Networks];
    private readonly Sparkline _curve = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private EpochReport? _last;
    private string? _figures; // null if _last has changed since they were formatted

    /// <summary>Records a step. The networks of an ensemble may call this at the same time, because each has an entry of its own.</summary>
    public void Stepped(int network, in StepReport step)
    {
        if (_firstSteps[network] < 0)
            _firstSteps[network] = step.Step - 1;
        _steps[network] = step.Step;
    }

    public void EpochEnded(int network, EpochReport epoch)
    {
        _epochs[network] = epoch.Epoch;
        _steps[network] = epoch.Step;
        _last = epoch;
        _curve.Add(epoch.ValidationLoss ?? epoch.TrainLoss);
        _figures = null;
    }

    /// <summary>The fraction of all steps that are completed.</summary>
    public double Share => Math.Min(1, _steps.Sum() / Math.Max(All, 1));

    private double All => (double)start.Steps * start.Networks;

    /// <summary>Returns the progress bar, the figures and the curve for a terminal of this width.</summary>
    public string[] Lines(int width)
    {
        string epoch = $"epoch {Format.Count(Math.Min(_epochs.Max() + 1, start.Epochs))} of {Format.Count(start.Epochs)}{(start.Networks == 1 ? "" : $", {start.Networks} networks")}";
        string right = string.Create(CultureInfo.InvariantCulture, $"{100 * Share,3:0} %  {Left()}");
        int room = Math.Clamp(width - epoch.Length - right.Length - 4, 0, 50), full = (int)(Share * room);
        string curve = _curve.Draw(Math.Clamp(width - 8, 1, 60));
        return [$"{epoch}  {new string('━', full)}{new string('─', room - full)} {right}", Figures(), curve.Length == 0 ? "" : $"{(start.HasValidation ? "valid." : "loss")} {curve}"];
    }

    /// <summary>Returns the progress as one line, for output that is not a terminal.</summary>
    public string PlainLine() => string.Create(CultureInfo.InvariantCulture,
        $"epoch {_epochs.Max()} of {start.Epochs} ({100 * Share:0} %): {Figures()}, {Left()}");

    /// <summary>Returns a text such as <c>loss 0.3121, validation 0.3402, accuracy 0.8912, validation 0.8771, 412,000 rows/s</c>.</summary>
    public string Figures() => _figures ??= _last is null ? "" : Describe(_last);

    private static string Describe(EpochReport last)
    {
        List<string> parts = [$"loss {Format.Loss(last.TrainLoss)}"];
        if (last.ValidationLoss is { } validationLoss) parts.Add($"validation {Format.Loss(validationLoss)}");
        if (last.TrainAccuracy is { } accuracy) parts.Add($"accuracy {Format.Accuracy(accuracy)}");
        if (last.ValidationAccuracy is { } validationAccuracy) parts.Add($"validation {Format.Accuracy(validationAccuracy)}");
        parts.Add($"{Format.Count((long)last.SamplesPerSecond)} rows/s");
        return string.Join(", ", parts);
    }

    // Estimated from the steps of this process only, because the steps before a resumption may have had another speed.
    private string Left()
    {
        double before = _firstSteps.Where(step => step > 0).Sum(step => (double)step), done = _steps.Sum() - before, left = All - _steps.Sum();
        if (done <= 0)
            return "";
        TimeSpan time = Stopwatch.GetElapsedTime(_began) * (Math.Max(left, 0) / done);
        return (time.TotalHours >= 1 ? time.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture).TrimStart('0', '.') : time.ToString(@"m\:ss", CultureInfo.InvariantCulture)) + " left";
    }
}
