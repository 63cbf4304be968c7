// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Settings;
using NativeMlp.Training;

namespace NativeMlp.Tests.Runner;

/// <summary>The words of the command line are made from the names of enumerations, and yet never change: scripts use them.</summary>
public sealed class WordsTests
{
    [Fact]
    public void All_OfEachEnumeration_AreTheWordsThatScriptsUse()
    {
        Assert.Equal("identity relu leaky-relu sigmoid tanh elu gelu gelu-tanh softplus silu maxout", All<Activation>());
        Assert.Equal("none batch layer", All<Norm>());
        Assert.Equal("softmax bce mse huber hinge", All<Loss>());
        Assert.Equal("sgd momentum adam nesterov adagrad rmsprop adamw", All<OptimizerKind>());
        Assert.Equal("default zeros he-normal he-uniform glorot-normal glorot-uniform lecun-normal normal", All<Initialization>());
        Assert.Equal("exponential step cosine one-cycle plateau", All<ScheduleKind>());
        Assert.Equal("shuffled in-order replacement", All<BatchSampling>());
        Assert.Equal("float32 bf16", All<Precision>());
    }

    [Fact]
    public void AnyOf_SomeValues_ReadsAsAListInASentence()
    {
        Assert.Equal("maxout", Words.AnyOf([Activation.Maxout]));
        Assert.Equal("leaky-relu or elu", Words.AnyOf([Activation.LeakyRelu, Activation.Elu]));
        Assert.Equal("momentum, nesterov or rmsprop", Words.AnyOf([OptimizerKind.Momentum, OptimizerKind.Nesterov, OptimizerKind.RmsProp]));
    }

    private static string All<T>() where T : struct, Enum => string.Join(' ', Words.All<T>());
}
