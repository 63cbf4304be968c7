// SPDX-License-Identifier: MIT
using NativeMlp.State;

namespace NativeMlp.Storage;

/// <summary>The states of all networks of a run, with notes of whoever runs it.</summary>
/// <param name="Networks">For each network its state; null for one that has not begun.</param>
/// <param name="Notes">Names and texts.</param>
internal sealed record RunState(IReadOnlyList<TrainingState?> Networks, IReadOnlyDictionary<string, string> Notes);
