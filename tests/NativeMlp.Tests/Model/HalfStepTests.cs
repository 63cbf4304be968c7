// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests;

/// <summary>A training step in two halves, with the gradients read and written between them.</summary>
public sealed class HalfStepTests
{
    private const int Rows = 8, Inputs = 3;

    private static readonly float[] X = TestData.Normal(1, Rows * Inputs);
    private static readonly int[] Labels = TestData.Labels(Rows, 2);

    [Theory]
    [InlineData(OptimizerKind.Momentum)]
    [InlineData(OptimizerKind.AdamW)]
    public void ApplyGradients_AfterComputeGradients_LeavesTheBytesOfTrainStep(OptimizerKind kind)
    {
        Optimizer optimizer = Optimizer.Adam(0.05) with { Kind = kind, L2 = 0.01, ClipNorm = 0.1, AmsGrad = true, Dampening = 0.5 };
        using Mlp whole = Make(), halves = Make();
        var batch = Batch.FromRows(X, Rows, Labels);
        for (int step = 0; step < 4; step++)
        {
            StepResult expected = whole.TrainStep(batch, optimizer);
            Assert.Equal(expected.Loss, halves.ComputeGradients(batch, optimizer.L2).Loss);
            Assert.True(halves.ApplyGradients(optimizer));
        }

        foreach (TensorKind tensors in (TensorKind[])[TensorKind.Parameter, TensorKind.FirstMoment, TensorKind.SecondMoment, TensorKind.ThirdMoment])
            Assert.Equal(Block(whole, tensors), Block(halves, tensors));
        Assert.Equal(whole.OptimizerState, halves.OptimizerState);
    }

    [Fact]
    public void ApplyGradients_ThatWereWritten_TakesThemAsTheyAre()
    {
        using Mlp mlp = Make();
        float[] before = Block(mlp, TensorKind.Parameter), gradients = TestData.Normal(7, before.Length);
        mlp.Write(TensorKind.Gradient, gradients);
        Assert.True(mlp.ApplyGradients(Optimizer.Sgd(0.5) with { L2 = 3 }));
        float[] after = Block(mlp, TensorKind.Parameter);
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(before[i] - (0.5 * gradients[i]), after[i], 1e-6 * (1 + Math.Abs(gradients[i])));
        Assert.Equal(gradients, Block(mlp, TensorKind.Gradient));
    }

    [Fact]
    public void ApplyGradients_NotFinite_AnswersFalseAndChangesNothing()
    {
        using Mlp mlp = Make();
        float[] before = Block(mlp, TensorKind.Parameter), gradients = new float[before.Length];
        gradients[^1] = float.NaN;
        mlp.Write(TensorKind.Gradient, gradients);
        Assert.False(mlp.ApplyGradients(Optimizer.Adam()));
        Assert.Equal(before, Block(mlp, TensorKind.Parameter));
        Assert.Equal(0UL, mlp.OptimizerState.Steps);
    }

    [Fact]
    public void Read_OfAKind_IsItsTensorsOneBehindAnother()
    {
        using Mlp mlp = Make();
        List<float> expected = [];
        for (int layer = 0; layer < mlp.Layers.Count; layer++)
        {
            foreach (LayerTensor tensor in mlp.Layers[layer].Tensors.Where(t => t is not (LayerTensor.RunningMean or LayerTensor.RunningVariance)))
            {
                float[] values = new float[mlp.Layers[layer].LengthOf(tensor)];
                mlp.Read(TensorKind.Parameter, layer, tensor, values);
                expected.AddRange(values);
            }
        }

        Assert.Equal(expected, Block(mlp, TensorKind.Parameter));
    }

    [Fact]
    public void Read_OfAnotherLength_NamesBoth()
    {
        using Mlp mlp = Make();
        ArgumentException error = Assert.Throws<ArgumentException>(() => mlp.Read(TensorKind.Parameter, new float[5]));
        Assert.Contains("5", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{mlp.ParameterCount}", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => mlp.Write(TensorKind.Parameter, new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => mlp.Read((TensorKind)5, new float[mlp.ParameterCount]));
    }

    [Fact]
    public void Freeze_ATrainedNetwork_AnswersAlikeInLessMemory()
    {
        var batch = Batch.FromRows(X, Rows, Labels);
        using Mlp mlp = Make();
        for (int step = 0; step < 3; step++) mlp.TrainStep(batch, Optimizer.Adam(0.1));
        using Mlp frozen = mlp.Freeze();
        Assert.True(frozen.IsFrozen);
        Assert.False(mlp.IsFrozen);
        Assert.Equal(mlp.Predict(batch), frozen.Predict(batch));
        Assert.Equal(mlp.Evaluate(batch), frozen.Evaluate(batch));
        Assert.Equal(mlp.PredictClasses(batch), frozen.PredictClasses(batch));
        Assert.Equal(Block(mlp, TensorKind.Parameter), Block(frozen, TensorKind.Parameter));
    }

    [Fact]
    public void Freeze_ThenTraining_IsRefused()
    {
        using Mlp mlp = Make();
        using Mlp frozen = mlp.Freeze();
        string[] messages =
        [
            Refused(() => frozen.TrainStep(Batch.FromRows(X, Rows, Labels), Optimizer.Sgd(0.1))),
            Refused(() => frozen.ComputeGradients(Batch.FromRows(X, Rows, Labels))),
            Refused(() => frozen.FindNonFinite(Batch.FromRows(X, Rows, Labels))),
            Refused(() => frozen.ApplyGradients(Optimizer.Sgd(0.1))),
            Refused(() => frozen.Read(TensorKind.FirstMoment, new float[frozen.ParameterCount])),
        ];
        Assert.All(messages, message => Assert.Contains("frozen", message, StringComparison.Ordinal));
    }

    private static string Refused(Action action) => Assert.Throws<InvalidOperationException>(action).Message;

    private static float[] Block(Mlp mlp, TensorKind kind)
    {
        float[] values = new float[mlp.ParameterCount];
        mlp.Read(kind, values);
        return values;
    }

    private static Mlp Make() => new(new MlpOptions
    {
        Inputs = Inputs,
        Hidden = [5],
        Outputs = 2,
        MaxBatch = Rows,
        Norm = Norm.Batch,
        Dropout = 0.25,
    });
}
