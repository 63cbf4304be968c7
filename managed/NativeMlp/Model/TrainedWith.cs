// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>What a trainer did with a network, for its checkpoint to say.</summary>
/// <param name="Seed">The seed of the last run.</param>
/// <param name="Epochs">Epochs completed in all runs.</param>
internal readonly record struct TrainedWith(ulong Seed, int Epochs);
