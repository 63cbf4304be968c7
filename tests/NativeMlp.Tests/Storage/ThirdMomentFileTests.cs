// SPDX-License-Identifier: MIT
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Storage;

/// <summary>The third moments of AMSGrad and of centered RMSProp are part of a model file, where there are any.</summary>
public sealed class ThirdMomentFileTests
{
    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.RmsProp)]
    public void Load_OfAModelWithThirdMoments_GoesOnWithTheSameBits(OptimizerKind kind)
    {
        Optimizer optimizer = OptimizerTraits.Of(kind).Defaults with { AmsGrad = true, Centered = true };
        using var folder = new TemporaryFolder();
        using Mlp mlp = Trained(optimizer);
        Assert.Contains(Moments(mlp), value => value != 0);
        Checkpoint.Save(mlp, folder.File("model"));
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("model"));
        Assert.Equal(Moments(mlp), Moments(loaded.Mlp));
        Step(mlp, optimizer);
        Step(loaded.Mlp, optimizer);
        Assert.Equal(TestData.Parameters(mlp), TestData.Parameters(loaded.Mlp));
    }

    [Fact]
    public void Save_WithoutThirdMoments_WritesNone()
    {
        using var folder = new TemporaryFolder();
        using Mlp mlp = Trained(Optimizer.Adam());
        Checkpoint.Save(mlp, folder.File("model"));
        Assert.DoesNotContain(SafeTensorsFile.Read(folder.File("model")).Tensors.Keys, name => name.StartsWith("optimizer.third", StringComparison.Ordinal));
    }

    private static Mlp Trained(Optimizer optimizer)
    {
        var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [5], Outputs = 2 });
        for (int step = 0; step < 3; step++) Step(mlp, optimizer);
        return mlp;
    }

    private static void Step(Mlp mlp, Optimizer optimizer) =>
        mlp.TrainStep(Batch.FromRows([1, 2, -1, 0.5f, 3, -2], 3, [0, 1, 1]), optimizer);

    private static float[] Moments(Mlp mlp)
    {
        float[] moments = new float[mlp.ParameterCount];
        mlp.Read(TensorKind.ThirdMoment, moments);
        return moments;
    }
}
