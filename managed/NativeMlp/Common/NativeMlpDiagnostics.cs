// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NativeMlp;

/// <summary>The names of the metrics and activities that the library reports to <see cref="MeterListener"/>, <see cref="ActivityListener"/> and
/// libraries that use them, such as OpenTelemetry.</summary>
/// <remarks>Without a listener, nothing is measured and nothing is allocated.</remarks>
public static class NativeMlpDiagnostics
{
    /// <summary>The name of the <see cref="Meter"/>.</summary>
    public const string MeterName = "NativeMlp";

    /// <summary>The name of the <see cref="ActivitySource"/>.</summary>
    public const string ActivitySourceName = "NativeMlp";

    /// <summary>A counter of training steps, in <c>{step}</c>. A step that changed nothing, because a number was not finite, is not
    /// counted.</summary>
    public const string TrainSteps = "nativemlp.train.steps";

    /// <summary>A gauge of the loss of the last training step before its update, penalty included; in <c>1</c>.</summary>
    public const string TrainLoss = "nativemlp.train.loss";

    /// <summary>A counter of predicted rows, in <c>{row}</c>. A model of several networks counts a row once.</summary>
    public const string PredictRows = "nativemlp.predict.rows";

    /// <summary>A histogram of the duration of prediction calls, including the encoding of cells; in <c>s</c>.</summary>
    public const string PredictDuration = "nativemlp.predict.duration";

    /// <summary>The activity of a training run, from its first step to its end.</summary>
    public const string TrainActivity = "nativemlp.train";
}
