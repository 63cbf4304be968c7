// SPDX-License-Identifier: MIT
using BenchmarkDotNet.Attributes;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Micro;

/// <summary>Whole training steps.</summary>
public class StepBenchmarks : PeerBenchmarks
{
    [Params("A", "B", "C", "D", "E")]
    public string Network { get; set; } = "";

    [Params(OptimizerKind.Momentum, OptimizerKind.Adam)]
    public OptimizerKind Optimizer { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [Benchmark(Baseline = true)]
    public void NativeMlp() => Run(PeerList.Own);

    [Benchmark, PeerBenchmark("reference")]
    public void ReadableLoops() => Run(PeerList.Reference);

    [Benchmark, PeerBenchmark("torch")]
    public void TorchSharp() => Run(PeerList.Torch);

    private protected override Work? Create(IPeer peer) =>
        ((IStepPeer)peer).Step(Workloads.Network.Named(Network), Optimizer, Threads);
}
