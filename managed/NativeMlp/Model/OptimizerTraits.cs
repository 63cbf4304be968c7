// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>The members of <see cref="Optimizer"/> that only some kinds use.</summary>
[Flags]
internal enum OptimizerValues
{
    None = 0,
    Momentum = 1,
    Betas = 2,
    Epsilon = 4,
    Rho = 8,
    WeightDecay = 16,
    AmsGrad = 32,
    Centered = 64,
    Dampening = 128,
    InitialAccumulator = 256,
}

/// <summary>The properties of each kind of optimizer. The native library has its own list, optimizers.def.</summary>
/// <param name="Defaults">The default options.</param>
/// <param name="HasFirstMoment">Whether it keeps a first moment of each parameter.</param>
/// <param name="HasSecondMoment">Whether it keeps a second one.</param>
/// <param name="Values">The values of its formula in addition to the learning rate.</param>
internal sealed record OptimizerTraits(Optimizer Defaults, bool HasFirstMoment, bool HasSecondMoment, OptimizerValues Values)
{
    private static readonly OptimizerTraits[] All = // in the order of the kinds
    [
        new(Optimizer.Sgd(0.1), false, false, OptimizerValues.None),
        new(Optimizer.SgdMomentum(0.1), true, false, OptimizerValues.Momentum | OptimizerValues.Dampening),
        new(Optimizer.Adam(), true, true, OptimizerValues.Betas | OptimizerValues.Epsilon | OptimizerValues.AmsGrad),
        new(Optimizer.Nesterov(0.1), true, false, OptimizerValues.Momentum),
        new(Optimizer.AdaGrad(), false, true, OptimizerValues.Epsilon | OptimizerValues.InitialAccumulator),
        new(Optimizer.RmsProp(), true, true, OptimizerValues.Momentum | OptimizerValues.Rho | OptimizerValues.Epsilon | OptimizerValues.Centered),
        new(Optimizer.AdamW(), true, true, OptimizerValues.Betas | OptimizerValues.Epsilon | OptimizerValues.WeightDecay | OptimizerValues.AmsGrad),
    ];

    public static OptimizerTraits Of(OptimizerKind kind) => All[(int)kind];

    public bool Uses(OptimizerValues values) => (Values & values) == values;
}
