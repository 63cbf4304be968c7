// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Measuring;

/// <summary>How long a case may take.</summary>
/// <param name="WarmUp">Seconds before the first sample.</param>
/// <param name="Sampling">Seconds of samples.</param>
internal readonly record struct CaseTime(double WarmUp, double Sampling);

/// <summary>How long a measurement may take.</summary>
/// <param name="FirstWarmUp">Seconds before the first case of a process.</param>
/// <param name="Long">For steps and predictions: the runtime compiles the many methods of a managed peer again while they
/// run, and needs time for it.</param>
/// <param name="Short">For single kernels.</param>
/// <param name="Patience">After this many times the time for samples disturbed ones count, too.</param>
/// <param name="DataSetRowsA">Rows of the data set for network A.</param>
internal sealed record Effort(double FirstWarmUp, CaseTime Long, CaseTime Short, double Patience, int DataSetRowsA)
{
    public static Effort Full { get; } = new(0.5, new(0.15, 0.15), new(0.02, 0.05), 3, 50_000);

    public static Effort Quick { get; } = new(0.3, new(0.1, 0.06), new(0.02, 0.03), 2, 10_000);
}
