// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Peers;

/// <summary>Work that is ready to be repeated: everything it needs has been made, so that <see cref="Run"/> is only what
/// is to be timed.</summary>
internal sealed class Work(Action run, params IReadOnlyList<IDisposable> owned) : IDisposable
{
    /// <summary>Does it once.</summary>
    public Action Run { get; } = run;

    /// <summary>Judges what the last run computed; throws if it is wrong. Null where nothing is judged.</summary>
    public Action? Check { get; init; }

    public void Dispose()
    {
        // The last made goes first: it may use those before it.
        for (int i = owned.Count - 1; i >= 0; i--) owned[i].Dispose();
    }
}
