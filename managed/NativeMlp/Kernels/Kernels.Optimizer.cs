// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

public static partial class Kernels
{
    /// <summary>One update of <paramref name="w"/> with its gradient, as described by <see cref="Optimizer"/>.
    /// <see cref="Optimizer.L2"/> and <see cref="Optimizer.WeightDecay"/> apply to all of <paramref name="w"/>: set them to 0
    /// for biases. Clipping and <see cref="Optimizer.MaxNorm"/> apply to whole networks and are ignored. The function does not know
    /// which step is the first: before the first step, fill AdaGrad's <paramref name="second"/> with
    /// <see cref="Optimizer.InitialAccumulator"/>; for the first step, set <see cref="Optimizer.Dampening"/> to 0.</summary>
    /// <param name="optimizer">The formula and its values.</param>
    /// <param name="w">Any length.</param>
    /// <param name="g">The gradient, of the same length.</param>
    /// <param name="first">The momentum buffer or Adam's <c>m</c>, of the same length; empty for kinds without.</param>
    /// <param name="second">The squares: Adam's <c>v</c>, of the same length; empty for kinds without.</param>
    /// <param name="beta1Power">For Adam and AdamW: <c>β1ᵗ</c> for the t-th step, t from 1, as a running product.</param>
    /// <param name="beta2Power">For Adam: <c>β2ᵗ</c> likewise.</param>
    /// <param name="third">The third moment of AMSGrad and of centered RMSProp, of the same length; empty for all others.</param>
    /// <exception cref="ArgumentNullException"><paramref name="optimizer"/> is null.</exception>
    /// <exception cref="ArgumentException">The lengths differ, or two arrays overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="optimizer"/> or a power is not allowed.</exception>
    public static void Update(Optimizer optimizer, Span<float> w, ReadOnlySpan<float> g,
        Span<float> first = default, Span<float> second = default, double beta1Power = 1, double beta2Power = 1, Span<float> third = default)
    {
        NativeOptimizer native = optimizer.ToNative();
        CheckMoments(optimizer.Kind, w.Length, first.Length, second.Length);
        Check.Length(third.Length, optimizer.HasThirdMoment ? w.Length : 0, $"the third moment of {optimizer.Kind}", nameof(third));
        Check.Length(g.Length, w.Length, "as many as w has", nameof(g));
        Check.Disjoint(w, g);
        Check.Disjoint(first, w);
        Check.Disjoint(first, g);
        Check.Disjoint(second, w);
        Check.Disjoint(second, g);
        Check.Disjoint(second, first);
        Check.Disjoint(third, w);
        Check.Disjoint(third, g);
        Check.Disjoint(third, first);
        Check.Disjoint(third, second);
        if (OptimizerTraits.Of(optimizer.Kind).Uses(OptimizerValues.Betas))
        {
            CheckPower(beta1Power, nameof(beta1Power));
            CheckPower(beta2Power, nameof(beta2Power));
        }

        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_optimizer_update_moments(native, (nuint)w.Length, w, g, first, (nuint)first.Length,
            second, (nuint)second.Length, third, (nuint)third.Length, beta1Power, beta2Power);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_optimizer_update_moments));
    }

    private static void CheckMoments(OptimizerKind kind, int length, int first, int second)
    {
        Check.Length(first, OptimizerTraits.Of(kind).HasFirstMoment ? length : 0, $"the first moment of {kind}", nameof(first));
        Check.Length(second, OptimizerTraits.Of(kind).HasSecondMoment ? length : 0, $"the second moment of {kind}", nameof(second));
    }

    private static void CheckPower(double value, string name)
    {
        if (!(value is >= 0 and < 1))
            Throw.OutOfRange($"{name} is {value}; for Adam it is a power of beta from the first on, at least 0 and less than 1.", name);
    }
}
