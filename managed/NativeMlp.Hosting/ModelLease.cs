// SPDX-License-Identifier: MIT
namespace NativeMlp.Hosting;

/// <summary>The version of a model that answers for as long as the lease is held, whatever happens to its file meanwhile. Dispose of it
/// once.</summary>
public readonly struct ModelLease : IDisposable
{
    internal ModelLease(ModelVersion version) => Version = version;

    /// <summary>The version.</summary>
    public ModelVersion Version { get; }

    /// <summary>Ends the lease. The last one of a version that has been replaced frees its memory.</summary>
    public void Dispose() => Version.RemoveUser();
}
