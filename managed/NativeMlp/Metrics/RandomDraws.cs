// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The generator SplitMix64: the same numbers for a seed on every machine.</summary>
internal struct RandomDraws(ulong seed)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong bits = _state += Increment;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>Returns the generator as it is after a number of draws.</summary>
    public readonly RandomDraws After(ulong draws) => new(_state + (draws * Increment));

    /// <summary>Returns a number from 0 to <paramref name="count"/> − 1, with equal probabilities.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);
}
