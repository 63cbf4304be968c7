// SPDX-License-Identifier: MIT
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests;

/// <summary>What a network keeps between steps: parameters, moments, counters; and what it does after its end.</summary>
public sealed class MlpStateTests
{
    private const int Rows = 8;

    private static readonly float[] X = TestData.Normal(1, Rows * 3);
    private static readonly int[] Labels = TestData.Labels(Rows, 2);

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Momentum)]
    [InlineData(OptimizerKind.Adam)]
    public void Progress_AfterSteps_CountsThemAndComesBack(OptimizerKind kind)
    {
        using Mlp mlp = Make();
        Assert.Equal(0UL, mlp.OptimizerState.Steps);
        Steps(mlp, kind, 5);
        OptimizerState progress = mlp.OptimizerState;
        Assert.Equal((kind, 5UL), (progress.Kind, progress.Steps));
        if (kind == OptimizerKind.Adam)
        {
            Assert.Equal(0.9 * 0.9 * 0.9 * 0.9 * 0.9, progress.Beta1Power); // a running product, in this order
        }

        using Mlp other = Make();
        other.OptimizerState = progress;
        Assert.Equal(progress, other.OptimizerState);
    }

    [Fact]
    public void Progress_ThatCannotBe_IsRefused()
    {
        using Mlp mlp = Make();
        Assert.Contains("1.5", Assert.ThrowsAny<ArgumentException>(() => mlp.OptimizerState = new OptimizerState(OptimizerKind.Adam, 1, 1.5, 0.9)).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.ThrowsAny<ArgumentException>(() => mlp.OptimizerState = new OptimizerState(OptimizerKind.Adam, 1, 0.9, double.NaN)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => mlp.OptimizerState = new OptimizerState((OptimizerKind)8, 1, 0.9, 0.9));
    }

    [Fact]
    public void TrainStep_ByAnotherOptimizer_StartsItsStateAnew()
    {
        using Mlp mlp = Make();
        Steps(mlp, OptimizerKind.Adam, 3);
        Steps(mlp, OptimizerKind.Momentum, 1);
        Assert.Equal((OptimizerKind.Momentum, 1UL), (mlp.OptimizerState.Kind, mlp.OptimizerState.Steps));
        Steps(mlp, OptimizerKind.Adam, 1);
        Assert.Equal((OptimizerKind.Adam, 1UL), (mlp.OptimizerState.Kind, mlp.OptimizerState.Steps));
    }

    [Fact]
    public void Initialize_AfterTraining_IsANewNetwork()
    {
        using Mlp mlp = Make();
        float[] first = TestData.Parameters(mlp);
        Steps(mlp, OptimizerKind.Adam, 3);
        Assert.NotEqual(first, TestData.Parameters(mlp));
        mlp.Initialize(1);
        Assert.Equal(first, TestData.Parameters(mlp));
        Assert.Equal(0UL, mlp.OptimizerState.Steps);
        float[] moment = new float[3 * 64];
        mlp.Read(TensorKind.FirstMoment, 0, LayerTensor.Weight, moment);
        Assert.All(moment, value => Assert.Equal(0, value));
    }

    /// <summary>The spread of each draw of weights, as its name says it.</summary>
    [Theory]
    [InlineData(Initialization.Default, 2.0 / 200)]
    [InlineData(Initialization.Zeros, 0)]
    [InlineData(Initialization.HeNormal, 2.0 / 200)]
    [InlineData(Initialization.HeUniform, 2.0 / 200)]
    [InlineData(Initialization.GlorotNormal, 2.0 / 500)]
    [InlineData(Initialization.GlorotUniform, 2.0 / 500)]
    [InlineData(Initialization.LeCunNormal, 1.0 / 200)]
    public void Initialize_OfAnyKind_HasItsVariance(Initialization kind, double variance)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 200, Hidden = [300], Outputs = 10, Initialization = kind });
        float[] weight = new float[200 * 300], bias = new float[300], last = new float[300 * 10];
        mlp.ReadWeights(0, weight);
        mlp.ReadBiases(0, bias);
        mlp.ReadWeights(1, last);
        Assert.Equal(variance, weight.Average(value => (double)value * value), 0.03 * variance);
        Assert.Equal(0, weight.Average(value => (double)value), 0.02 * Math.Sqrt(variance));
        Assert.All(bias, value => Assert.Equal(0, value));
        if (kind == Initialization.Default)
            Assert.Equal(1.0 / 300, last.Average(value => (double)value * value), 0.08 / 300);
    }

    [Fact]
    public void ParameterCount_OfLayers_IsTheSumOfTheirTensors()
    {
        using Mlp mlp = Make();
        Assert.Equal((3 * 64) + 64 + (64 * 2) + 2, mlp.ParameterCount);
        Assert.Equal(mlp.ParameterCount, TestData.Parameters(mlp).Length);
        Assert.Equal((3, 2), (mlp.Inputs, mlp.Outputs));
        Assert.Equal((Activation.Relu, Activation.Identity), (mlp.Layers[0].Activation, mlp.Layers[1].Activation));
    }

    [Fact]
    public void ComputeGradients_OfABatch_ChangesNoParameter()
    {
        using Mlp mlp = Make();
        float[] before = TestData.Parameters(mlp);
        StepResult plain = mlp.ComputeGradients(Batch.FromRows(X, Rows, Labels));
        StepResult penalised = mlp.ComputeGradients(Batch.FromRows(X, Rows, Labels), l2: 0.5);
        Assert.Equal(before, TestData.Parameters(mlp));
        Assert.Equal(plain.Loss, penalised.DataLoss);
        ReferenceNetwork network = ReferenceNetwork.FromMlp(mlp);
        double weights = network.Layers.Sum(layer => layer.Weight.Cast<double>().Sum(w => w * w));
        Assert.Equal(plain.Loss + (0.5 * weights), penalised.Loss, 1e-5 * weights);
    }

    /// <summary>Every member that reaches the native network.</summary>
    private static readonly Dictionary<string, Action<Mlp>> Uses = new()
    {
        ["TrainStep"] = mlp => mlp.TrainStep(Batch.FromRows(X, Rows, Labels), Optimizer.Sgd(0.1)),
        ["ComputeGradients"] = mlp => mlp.ComputeGradients(Batch.FromRows(X, Rows, Labels)),
        ["Evaluate"] = mlp => mlp.Evaluate(Batch.FromRows(X, Rows, Labels)),
        ["Predict"] = mlp => mlp.Predict(Batch.FromRows(X, Rows), new float[Rows * 2]),
        ["PredictClasses"] = mlp => mlp.PredictClasses(Batch.FromRows(X, Rows)),
        ["ReadWeights"] = mlp => mlp.ReadWeights(0, new float[3 * 64]),
        ["WriteBiases"] = mlp => mlp.WriteBiases(0, new float[64]),
        ["OptimizerState"] = mlp => _ = mlp.OptimizerState,
        ["set OptimizerState"] = mlp => mlp.OptimizerState = default,
        ["Initialize"] = mlp => mlp.Initialize(2),
        ["ParameterCount"] = mlp => _ = mlp.ParameterCount,
    };

    public static TheoryData<string> Members() => [.. Uses.Keys];

    [Theory]
    [MemberData(nameof(Members))]
    public void Member_AfterDispose_Throws(string member)
    {
        Mlp mlp = Make();
        Uses[member](mlp); // allowed while it lives
        mlp.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Uses[member](mlp));
    }

    /// <summary>Training while others predict is refused or done, never mixed; afterwards the network is as good as new.</summary>
    [Fact]
    public async Task TrainStep_WhileOthersPredict_IsDoneOrRefused()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 3, Hidden = [64], Outputs = 2 });
        CancellationToken stop = TestContext.Current.CancellationToken;
        float[] many = TestData.Normal(2, 2000 * 3);
        Task predictions = Task.Run(() => Parallel.For(0, 200, _ => Attempt(() => mlp.Predict(Batch.FromRows(many, 2000), new float[4000]))), stop);
        int trained = 0;
        while (!predictions.IsCompleted)
            trained += Attempt(() => mlp.TrainStep(Batch.FromRows(X, Rows, Labels), Optimizer.Sgd(0.01))) ? 1 : 0;

        await predictions;
        Assert.Equal((ulong)trained, mlp.OptimizerState.Steps);
        Assert.True(double.IsFinite(mlp.TrainStep(Batch.FromRows(X, Rows, Labels), Optimizer.Sgd(0.01)).Loss));
    }

    private static bool Attempt(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // busy
        }
    }

    private static void Steps(Mlp mlp, OptimizerKind kind, int count)
    {
        for (int step = 0; step < count; step++)
        {
            mlp.TrainStep(Batch.FromRows(X, Rows, Labels), new Optimizer { Kind = kind, LearningRate = 0.01 });
        }
    }

    private static Mlp Make() => new(new MlpOptions { Inputs = 3, Hidden = [64], Outputs = 2 });
}
