// SPDX-License-Identifier: MIT
using System.Diagnostics;

namespace NativeMlp.Training;

/// <summary>The activity of a run; not created without a listener.</summary>
internal readonly struct TrainingActivity : IDisposable
{
    private readonly Activity? _activity;

    private TrainingActivity(Activity? activity) => _activity = activity;

    public static TrainingActivity Start() => new(Telemetry.Activities.StartActivity(NativeMlpDiagnostics.TrainActivity));

    public void Epoch(EpochReport epoch) => _activity?.AddEvent(new ActivityEvent("epoch", tags: new ActivityTagsCollection
    {
        ["nativemlp.epoch"] = epoch.Epoch,
        ["nativemlp.train.loss"] = epoch.TrainLoss,
        ["nativemlp.validation.loss"] = epoch.ValidationLoss,
    }));

    /// <summary>Records how the run ended.</summary>
    public TrainingResult End(TrainingResult result)
    {
        _activity?.SetTag("nativemlp.steps", result.Steps).SetTag("nativemlp.epochs", result.Epochs.Count)
            .SetTag("nativemlp.status", result.Status.ToString());
        if (result.Status == TrainingStatus.Diverged) _activity?.SetStatus(ActivityStatusCode.Error, result.Message);
        return result;
    }

    public void Dispose() => _activity?.Dispose();
}
