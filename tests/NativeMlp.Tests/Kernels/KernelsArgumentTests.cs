// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests;

/// <summary>What does not fit is refused before the call, with both numbers, and nothing is written.</summary>
public sealed class KernelsArgumentTests
{
    private static readonly float[] Many = new float[64];

    /// <summary>Calls that are wrong in one place each, by what the message must contain.</summary>
    private static readonly Dictionary<string, Action> BadCalls = new()
    {
        ["gemm: m is -1"] = () => Kernels.Gemm(-1, 3, 4, F(12), F(12), F(9)),
        ["gemm: k is -4"] = () => Kernels.Gemm(3, 3, -4, F(12), F(12), F(9)),
        ["gemm: a has 11 12"] = () => Kernels.Gemm(3, 3, 4, F(11), F(12), F(9)),
        ["gemm: b has 11 12"] = () => Kernels.Gemm(3, 3, 4, F(12), F(11), F(9)),
        ["gemm: c has 8 9"] = () => Kernels.Gemm(3, 3, 4, F(12), F(12), F(8)),
        ["gemm: lda is 3 4"] = () => Kernels.Gemm(3, 3, 4, F(12), F(12), F(9), lda: 3),
        ["gemm: ldb is 2 3"] = () => Kernels.Gemm(3, 3, 4, F(12), F(12), F(9), ldb: 2),
        ["gemm: lda is -1 4"] = () => Kernels.Gemm(3, 3, 4, F(12), F(12), F(9), lda: -1),
        ["gemm: a has 12 14"] = () => Kernels.Gemm(3, 3, 4, F(12), F(12), F(9), lda: 5),
        ["gemm: threads is 1025 1024"] = () => Kernels.Gemm(3, 3, 4, F(12), F(12), F(9), threads: 1025),
        ["gemm: threads is -1"] = () => Kernels.Gemm(3, 3, 4, F(12), F(12), F(9), threads: -1),
        ["gemm: overlaps c a"] = () => Kernels.Gemm(2, 2, 2, Many.AsSpan(0, 4), F(4), Many.AsSpan(3, 4)),
        ["gemm: overlaps c b"] = () => Kernels.Gemm(2, 2, 2, F(4), Many.AsSpan(0, 4), Many.AsSpan(0, 4)),
        ["forward: bias has 2 3"] = () => Kernels.DenseForward(2, 3, 4, F(8), F(12), F(2), F(6)),
        ["forward: x has 7 8"] = () => Kernels.DenseForward(2, 3, 4, F(7), F(12), F(3), F(6)),
        ["forward: activation is 99"] = () => Kernels.DenseForward(2, 3, 4, F(8), F(12), F(3), F(6), (Activation)99),
        ["forward: overlaps y bias"] = () => Kernels.DenseForward(2, 3, 4, F(8), F(12), Many.AsSpan(5, 3), Many.AsSpan(0, 6)),
        ["backward: dy has 5 6"] = () => Kernels.DenseBackward(2, 3, 4, F(8), F(12), F(6), F(5), F(8), F(12), F(3)),
        ["backward: dw has 11 12"] = () => Kernels.DenseBackward(2, 3, 4, F(8), F(12), F(6), F(6), F(8), F(11), F(3)),
        ["backward: db has 4 3"] = () => Kernels.DenseBackward(2, 3, 4, F(8), F(12), F(6), F(6), F(8), F(12), F(4)),
        ["backward: dx has 7 8"] = () => Kernels.DenseBackward(2, 3, 4, F(8), F(12), F(6), F(6), F(7), F(12), F(3)),
        ["backward: overlaps dx dw"] = () => Kernels.DenseBackward(2, 3, 4, F(8), F(12), F(6), F(6), Many.AsSpan(0, 8), Many.AsSpan(7, 12), F(3)),
        ["relu: y has 5 6"] = () => Kernels.Relu(F(6), F(5)),
        ["relu: overlaps y x"] = () => Kernels.Relu(Many.AsSpan(0, 6), Many.AsSpan(1, 6)),
        ["relu backward: dy has 5 6"] = () => Kernels.ReluBackward(F(6), F(5), F(6)),
        ["relu backward: dx has 7 6"] = () => Kernels.ReluBackward(F(6), F(6), F(7)),
        ["activate: Maxout"] = () => Kernels.Activate(Activation.Maxout, F(6), F(6)),
        ["activate backward: Maxout"] = () => Kernels.ActivateBackward(Activation.Maxout, F(6), F(6), F(6)),
        ["forward: Maxout"] = () => Kernels.DenseForward(2, 3, 4, F(8), F(12), F(3), F(6), Activation.Maxout),
        ["maxout: pieces is 0 1"] = () => Kernels.Maxout(2, 3, 0, F(12), F(6)),
        ["maxout: outputs is -3"] = () => Kernels.Maxout(2, -3, 2, F(12), F(6)),
        ["maxout: pieces is 65537 65536"] = () => Kernels.Maxout(2, 65536, 65537, F(12), F(6)),
        ["maxout: x has 11 12"] = () => Kernels.Maxout(2, 3, 2, F(11), F(6)),
        ["maxout: y has 5 6"] = () => Kernels.Maxout(2, 3, 2, F(12), F(5)),
        ["maxout: ldx is 5 6"] = () => Kernels.Maxout(2, 3, 2, F(12), F(6), ldx: 5),
        ["maxout: overlaps y x"] = () => Kernels.Maxout(2, 3, 2, Many.AsSpan(0, 12), Many.AsSpan(0, 6)),
        ["maxout backward: dy has 5 6"] = () => Kernels.MaxoutBackward(2, 3, 2, F(12), F(5), F(12)),
        ["maxout backward: dx has 11 12"] = () => Kernels.MaxoutBackward(2, 3, 2, F(12), F(6), F(11)),
        ["maxout backward: overlaps dx dy"] = () => Kernels.MaxoutBackward(2, 3, 2, F(12), Many.AsSpan(0, 6), Many.AsSpan(0, 12)),
        ["softmax: x has 5 6"] = () => Kernels.Softmax(2, 3, F(5), F(6)),
        ["softmax: ldy is 2 3"] = () => Kernels.Softmax(2, 3, F(6), F(6), ldy: 2),
        ["softmax: overlaps y x"] = () => Kernels.Softmax(2, 3, Many.AsSpan(0, 8), Many.AsSpan(0, 8), ldx: 4),
        ["log-softmax: m is -2"] = () => Kernels.LogSoftmax(-2, 3, F(6), F(6)),
        ["cross-entropy: m is 0 1"] = () => Kernels.SoftmaxCrossEntropy(0, 3, [], []),
        ["cross-entropy: labels has 1 2"] = () => Kernels.SoftmaxCrossEntropy(2, 3, F(6), [1]),
        ["cross-entropy: labels[1] is 3 2"] = () => Kernels.SoftmaxCrossEntropy(2, 3, F(6), [0, 3]),
        ["cross-entropy: labels[0] is -1 2"] = () => Kernels.SoftmaxCrossEntropy(2, 3, F(6), [-1, 0]),
        ["cross-entropy: dscores has 5 6"] = () => Kernels.SoftmaxCrossEntropy(2, 3, F(6), [0, 1], F(5)),
        ["update: g has 5 6"] = () => Kernels.Update(Optimizer.Sgd(0.1), F(6), F(5)),
        ["update: first has 0 6"] = () => Kernels.Update(Optimizer.SgdMomentum(0.1), F(6), F(6)),
        ["update: second has 5 6"] = () => Kernels.Update(Optimizer.Adam(), F(6), F(6), F(6), F(5), 0.9, 0.999),
        ["update: third has 0 6"] = () => Kernels.Update(Optimizer.Adam(amsGrad: true), F(6), F(6), F(6), F(6), 0.9, 0.999),
        ["update: third has 6 0"] = () => Kernels.Update(Optimizer.Adam(), F(6), F(6), F(6), F(6), 0.9, 0.999, F(6)),
        ["update: Dampening is 1 less"] = () => Kernels.Update(Optimizer.SgdMomentum(0.1, 0.9, 1), F(6), F(6), F(6)),
        ["update: InitialAccumulator is -1"] = () => Kernels.Update(Optimizer.AdaGrad(0.1, -1), F(6), F(6), [], F(6)),
        ["update: beta1Power is 1 less"] = () => Kernels.Update(Optimizer.Adam(), F(6), F(6), F(6), F(6)),
        ["update: LearningRate is NaN"] = () => Kernels.Update(Optimizer.Sgd(double.NaN), F(6), F(6)),
        ["sincospi: c has 5 6"] = () => Kernels.SinCosPi(F(6), F(6), F(5)),
        ["sincospi: overlaps c s"] = () => Kernels.SinCosPi(F(6), Many.AsSpan(0, 6), Many.AsSpan(0, 6)),
        ["uniform: high is 1 2"] = () => Kernels.RandomUniform(1, 1, F(6), 2, 1),
        ["uniform: low is NaN"] = () => Kernels.RandomUniform(1, 1, F(6), float.NaN, 1),
        ["normal: deviation is -1"] = () => Kernels.RandomNormal(1, 1, F(6), 0, -1),
        ["normal: offset is 18446744073709551615 6"] = () => Kernels.RandomNormal(1, 1, F(6), offset: ulong.MaxValue),
    };

    public static TheoryData<string> Calls() => [.. BadCalls.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public void Arguments_ThatDoNotFit_AreRefusedWithBothNumbers(string call)
    {
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(BadCalls[call]);
        Assert.All(call[(call.IndexOf(':', StringComparison.Ordinal) + 2)..].Split(' '), word => Assert.Contains(word, e.Message, StringComparison.Ordinal));
        Assert.All(Many, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Arguments_OfNoElements_AreAllowed()
    {
        float[] c = [1, 2];
        Kernels.Gemm(0, 3, 4, [], F(12), []);
        Kernels.Gemm(1, 2, 0, [], [], c, beta: 3);
        Assert.Equal([3, 6], c);
        Kernels.Relu([], []);
        Kernels.Maxout(0, 3, 2, [], []);
        Kernels.MaxoutBackward(3, 0, 2, [], [], []);
        Kernels.Softmax(0, 3, [], []);
        Kernels.Update(Optimizer.Sgd(0.1), [], []);
        Kernels.RandomPermutation(1, 1, []);
    }

    [Fact]
    public void Outputs_InTheirInputsPlace_AreAllowed()
    {
        float[] x = [-1, 2, -3, 4], expected = new float[4];
        Kernels.Softmax(2, 2, x, expected);
        float[] same = [.. x];
        Kernels.Softmax(2, 2, same, same);
        Assert.Equal(expected, same);
        Kernels.Relu(x, x);
        Assert.Equal([0, 2, 0, 4], x);
    }

    private static float[] F(int count) => new float[count];
}
