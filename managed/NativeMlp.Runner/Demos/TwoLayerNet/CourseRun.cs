// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>What a run on pictures went through and came to; the accuracies are those of the finished network.</summary>
/// <param name="Title">What is special about it.</param>
/// <param name="Losses">The loss of each step.</param>
/// <param name="Epochs">The accuracies at the marks of the epochs.</param>
/// <param name="Training">On all training rows.</param>
/// <param name="Validation">On the validation rows.</param>
/// <param name="Test">On the test rows.</param>
internal sealed record CourseRun(
    string Title, IReadOnlyList<double> Losses, IReadOnlyList<CourseEpoch> Epochs, double Training, double Validation, double Test);
