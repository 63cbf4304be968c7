// SPDX-License-Identifier: MIT
using NativeMlp.Training;

namespace NativeMlp.Tabular.Training;

/// <summary>An epoch of one of the networks of a model.</summary>
/// <param name="Network">The index of the network.</param>
/// <param name="Networks">The number of networks.</param>
/// <param name="Epochs">The number of passes of each network over the training rows.</param>
/// <param name="Epoch">The results of the epoch.</param>
public sealed record TableProgress(int Network, int Networks, int Epochs, EpochReport Epoch);
