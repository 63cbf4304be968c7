// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>The history and the results of a run on images. The accuracies are those of the finished network.</summary>
/// <param name="Title">The title of the run.</param>
/// <param name="Losses">The loss of each step.</param>
/// <param name="Epochs">The accuracies at the first step of each epoch.</param>
/// <param name="Training">The accuracy on all training rows.</param>
/// <param name="Validation">The accuracy on the validation rows.</param>
/// <param name="Test">The accuracy on the test rows.</param>
internal sealed record CourseRun(
    string Title, IReadOnlyList<double> Losses, IReadOnlyList<CourseEpoch> Epochs, double Training, double Validation, double Test);
