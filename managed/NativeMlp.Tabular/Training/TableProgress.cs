// SPDX-License-Identifier: MIT
using NativeMlp.Training;

namespace NativeMlp.Tabular.Training;

/// <summary>An epoch of one of the networks of a model.</summary>
/// <param name="Network">Which one, from 0.</param>
/// <param name="Networks">How many there are.</param>
/// <param name="Epochs">Passes over the training rows that each will make.</param>
/// <param name="Epoch">What the epoch came to.</param>
public sealed record TableProgress(int Network, int Networks, int Epochs, EpochReport Epoch);
