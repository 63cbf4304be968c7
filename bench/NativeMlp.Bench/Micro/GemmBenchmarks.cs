// SPDX-License-Identifier: MIT
using BenchmarkDotNet.Attributes;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Micro;

/// <summary>Matrix products.</summary>
public class GemmBenchmarks : PeerBenchmarks
{
    [ParamsSource(nameof(Products))]
    public string Product { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    public static IEnumerable<string> Products => GemmCase.All.Select(product => product.Name);

    [Benchmark(Baseline = true)]
    public void NativeMlp() => Run(PeerList.Own);

    [Benchmark, PeerBenchmark("loops")]
    public void Loops() => Run(PeerList.Loops);

    [Benchmark, PeerBenchmark("vector")]
    public void VectorKernel() => Run(PeerList.Vector);

    [Benchmark, PeerBenchmark("tensors")]
    public void TensorPrimitives() => Run(PeerList.Tensors);

    [Benchmark, PeerBenchmark("mathnet")]
    public void MathNet() => Run(PeerList.MathNet);

    [Benchmark, PeerBenchmark("torch")]
    public void TorchSharp() => Run(PeerList.Torch);

    private protected override Work? Create(IPeer peer) => ((IGemmPeer)peer).Gemm(new GemmOperands(GemmCase.Named(Product)), Threads);
}
