// SPDX-License-Identifier: MIT
using NativeMlp.State;

namespace NativeMlp.Storage;

/// <summary>The states of all networks of a run, with notes.</summary>
/// <param name="Networks">The state of each network; null for a network whose training has not begun.</param>
/// <param name="Notes">Names and texts.</param>
internal sealed record RunState(IReadOnlyList<TrainingState?> Networks, IReadOnlyDictionary<string, string> Notes);
