// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Micro;

/// <summary>Benchmarks of which each method is a peer. A method makes its work in its first, uncounted call.</summary>
[MemoryDiagnoser]
[HideColumns("StdDev", "RatioSD")]
public abstract class PeerBenchmarks
{
    private Work? _work;

    [GlobalCleanup]
    public void Cleanup()
    {
        _work?.Dispose();
        _work = null;
    }

    private protected abstract Work? Create(IPeer peer);

    private protected void Run(PeerEntry entry) => (_work ?? Make(entry)).Run();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Work Make(PeerEntry entry) =>
        _work = Create(entry.Create()) ?? throw new NotSupportedException($"{entry.Name} is left out here: nobody would wait for it.");
}
