// SPDX-License-Identifier: MIT
using NativeMlp.Reference;
using NativeMlp.Training;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>The first half of the assignment: compares the toy network with the published results, and trains it.</summary>
internal sealed class ToyWalk(TwoLayerNetView view)
{
    private const double ScoreLimit = 1e-7;
    private const double LossLimit = 1e-12;
    private const double TrainedLimit = 0.02;

    private static readonly TrainingOptions Training = new()
    {
        BatchSize = ToyProblem.Labels.Length,
        Optimizer = Optimizer.Sgd(0.1) with { L2 = 5e-6 },
        Schedule = new LearningRateSchedule.StepDecay(1, 0.95),
        MaxSteps = 100,
        Sampling = BatchSampling.InOrder,
    };

    /// <returns>Whether all numbers agree with those of the course.</returns>
    public bool Run(int threads, CancellationToken stop)
    {
        ReferenceNetwork reference = ToyProblem.CreateReference();
        using Mlp mlp = ToyProblem.CreateNative(threads);
        bool scores = CompareScores(reference);
        bool loss = CompareLoss(reference);
        bool gradients = CheckGradients(reference, mlp);
        return Train(mlp, stop) && scores && loss && gradients;
    }

    private bool CompareScores(ReferenceNetwork reference)
    {
        double[,] scores = reference.Forward(ToyProblem.X)[^1];
        double difference = scores.Cast<double>().Zip(ToyProblem.PublishedScores.Cast<double>(), (a, b) => Math.Abs(a - b)).Sum();
        return view.ShowScores(scores, ToyProblem.PublishedScores, difference, ScoreLimit);
    }

    private bool CompareLoss(ReferenceNetwork reference) => view.ShowLoss(
        reference.Loss(ToyProblem.X, ToyProblem.Labels, ToyProblem.Reg), ToyProblem.PublishedLoss, ToyProblem.Reg, LossLimit);

    private bool CheckGradients(ReferenceNetwork reference, Mlp mlp) => view.ShowGradients(
        GradientCheck.Numeric(reference, ToyProblem.X, ToyProblem.Labels, ToyProblem.Reg),
        GradientCheck.Native(mlp, ToyProblem.Data.Values, ToyProblem.Labels, ToyProblem.Reg));

    private bool Train(Mlp mlp, CancellationToken stop)
    {
        CourseTraining training = new(mlp, ToyProblem.Data, null, Training);
        training.Run(_ => { }, stop);
        return view.ShowToyTraining(Training, training.Losses, TrainedLimit);
    }
}
