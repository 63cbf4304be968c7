// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>Describes the training of a network, for the metadata of a checkpoint.</summary>
/// <param name="Seed">The seed of the last run.</param>
/// <param name="Epochs">The number of epochs completed in all runs.</param>
internal readonly record struct TrainedWith(ulong Seed, int Epochs);
