// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Reference;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Tests;

/// <summary>Steps that must not be applied, and options whose float32 is not what was meant.</summary>
public sealed class RefusedStepTests
{
    private static readonly float[] Rows = [1, 2, 3, 4];

    [Fact]
    public void TrainStep_ClassesOfTheBatchAllWeighZero_NamesTheBatchAndChangesNothing()
    {
        using Mlp mlp = new(new MlpOptions { Inputs = 2, Hidden = [4], Outputs = 3, MaxBatch = 4, ClassWeights = [1, 0, 1], Threads = 1 });
        string before = Checkpoint.WeightsSha256(mlp);
        ArgumentException error = Assert.Throws<ArgumentException>(() => mlp.TrainStep(Batch.FromRows(Rows, 2, [1, 1]), Optimizer.Sgd(0.1)));
        Assert.Contains("weights of the batch", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => mlp.ComputeGradients(Batch.FromRows(Rows, 2, [1, 1])));
        Assert.Throws<ArgumentException>(() => mlp.Evaluate(Batch.FromRows(Rows, 2, [1, 1])));
        Assert.Equal(before, Checkpoint.WeightsSha256(mlp));
        Assert.Equal(0UL, mlp.OptimizerState.Steps);
        Assert.Equal(NonFinitePlace.TotalWeight, mlp.FindNonFinite(Batch.FromRows(Rows, 2, [1, 1]))?.Place);
        Assert.Null(mlp.FindNonFinite(Batch.FromRows(Rows, 2, [0, 2])));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-45f)]
    [InlineData(3e38f)]
    public void TrainStep_SampleWeightsWithoutAUsableSum_IsRefused(float weight)
    {
        using Mlp mlp = new(new MlpOptions { Inputs = 2, Outputs = 2, Threads = 1 });
        float[] weights = [weight, weight];
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            mlp.TrainStep(Batch.FromRows(Rows, 2, [0, 1]) with { Weights = weights }, Optimizer.Adam()));
        Assert.Contains("sum", error.Message, StringComparison.Ordinal);
        Assert.Equal(0UL, mlp.OptimizerState.Steps);
    }

    [Fact]
    public void TrainStep_GradientOverflows_IsNaNAndNamesTheWeight()
    {
        using Mlp mlp = new(new MlpOptions { Inputs = 1, Outputs = 1, Loss = Loss.MeanSquaredError, Threads = 1 });
        mlp.WriteWeights(0, [1e-20f]);
        float[] target = [0];
        StepResult step = mlp.TrainStep(Batch.FromRows([1e30f], 1) with { Targets = target }, Optimizer.Sgd(0.1));
        Assert.True(double.IsNaN(step.Loss));
        Assert.Equal(1e20, step.DataLoss, 1e14);
        Assert.Equal(new NonFinite(NonFinitePlace.Gradient, 0, 0, 0), mlp.FindNonFinite(Batch.FromRows([1e30f], 1) with { Targets = target }));
    }

    [Fact]
    public void Train_ABatchThatWeighsNothing_EndsWithItsCauseAndWithoutBlamingTheRate()
    {
        float[] features = new float[40];
        int[] labels = new int[20];
        Array.Fill(labels, 1);
        using Mlp mlp = new(new MlpOptions { Inputs = 2, Outputs = 3, MaxBatch = 4, ClassWeights = [1, 0, 1], Threads = 1 });
        Dataset data = Dataset.FromFloats("one class", features, 2, labels, 3);
        TrainingResult result = Trainer.Train(mlp, data, new TrainingOptions { Epochs = 1, BatchSize = 4, Optimizer = Optimizer.Adam() },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.Contains("weights of the batch's rows", result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("learning rate", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AdamW_DecayBiases_IsPyTorchsFormula()
    {
        foreach (bool decays in new[] { false, true })
        {
            Optimizer adamw = Optimizer.AdamW(0.1, 0.25) with { DecayBiases = decays };
            using Mlp mlp = new(new MlpOptions { Inputs = 1, Outputs = 1, Loss = Loss.MeanSquaredError, Threads = 1 });
            mlp.WriteBiases(0, [2f]);
            ReferenceNetwork reference = ReferenceNetwork.FromMlp(mlp);
            ReferenceOptimizer twin = new(reference, adamw);
            float[] target = [3];
            double b = 2, m = 0, v = 0;
            for (int t = 1; t <= 5; t++)
            {
                mlp.TrainStep(Batch.FromRows([0f], 1) with { Targets = target }, adamw);
                double g = 2 * (b - 3);
                if (decays) b *= 1 - (0.1 * 0.25);
                (m, v) = ((0.9 * m) + (0.1 * g), (0.999 * v) + (0.001 * g * g));
                b -= 0.1 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);
                twin.Step(new double[,] { { 0 } }, new ReferenceTargets([0], new double[,] { { 3 } }));
            }

            float[] bias = new float[1];
            mlp.ReadBiases(0, bias);
            Assert.Equal(b, bias[0], 2e-6);
            Assert.Equal(b, reference.Layers[0].Bias[0], 1e-12);
        }
    }

    public static TheoryData<double> Hostile => [double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1, -1e-46, 1e-310, 1e-46, 1e-50, 1e-45, 1e-39, 1e39, 1e300];

    [Theory, MemberData(nameof(Hostile))]
    public void Options_HostileDoubles_AreRefusedEverywhere(double value)
    {
        Func<MlpOptions, MlpOptions>[] network =
        [
            o => o with { NormEpsilon = value }, o => o with { NormMomentum = value }, o => o with { LabelSmoothing = value },
            o => o with { LossDelta = value }, o => o with { Dropout = value }, o => o with { ActivationAlpha = value },
            o => o with { InitialStdDev = value },
            o => o with { Layers = [new LayerOptions { Dropout = value }, new LayerOptions { Activation = Activation.Identity }] },
        ];
        MlpOptions valid = new() { Inputs = 2, Hidden = [3], Outputs = 2 };
        Assert.All(network, with => Assert.Throws<ArgumentOutOfRangeException>(() => with(valid).Validate()));
        Func<Optimizer, Optimizer>[] optimizer =
        [
            o => o with { LearningRate = value }, o => o with { L2 = value }, o => o with { ClipNorm = value },
            o => o with { ClipValue = value }, o => o with { MaxNorm = value },
        ];
        Assert.All(Enum.GetValues<OptimizerKind>(), kind => Assert.All(optimizer,
            with => Assert.Throws<ArgumentOutOfRangeException>(() => with(new Optimizer { Kind = kind }).Validate())));
        Assert.All([OptimizerKind.Adam, OptimizerKind.AdamW, OptimizerKind.AdaGrad, OptimizerKind.RmsProp],
            kind => Assert.Throws<ArgumentOutOfRangeException>(() => new Optimizer { Kind = kind, Epsilon = value }.Validate()));
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.Adam() with { Beta1 = value }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.Adam() with { Beta2 = value }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.AdamW() with { WeightDecay = value }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.RmsProp() with { Rho = value }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.SgdMomentum(0.1) with { Momentum = value }).Validate());
    }

    [Fact]
    public void Options_FloatBecomesOne_SaysBothNumbers()
    {
        const double Almost = 0.99999999999;
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new Mlp(new MlpOptions { Inputs = 2, Hidden = [3], Outputs = 2, Dropout = Almost }));
        Assert.Contains("Dropout is 0.99999999999, which as float32 is 1;", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.Adam() with { Beta1 = Almost }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.Adam() with { Beta2 = Almost }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.Adam() with { Epsilon = Almost }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.SgdMomentum(1, Almost)).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Optimizer.AdamW(1e20, 1e20)).Validate());
    }

    [Fact]
    public void Options_ZeroThatTheLibraryTakesForItsDefault_IsRefused()
    {
        MlpOptions valid = new() { Inputs = 2, Outputs = 2 };
        Assert.Throws<ArgumentOutOfRangeException>(() => (valid with { NormEpsilon = 0 }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (valid with { LossDelta = 0 }).Validate());
    }
}
