// SPDX-License-Identifier: MIT
using BenchmarkDotNet.Attributes;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Micro;

/// <summary>ReLU and the update by momentum, from the first cache and from beyond the second.</summary>
public abstract class ElementwiseBenchmarks : PeerBenchmarks
{
    [Params(1 << 10, 1 << 20)]
    public int Length { get; set; }

    [Benchmark(Baseline = true)]
    public void NativeMlp() => Run(PeerList.Own);

    [Benchmark, PeerBenchmark("loops")]
    public void Loops() => Run(PeerList.Loops);

    [Benchmark, PeerBenchmark("vector")]
    public void VectorKernel() => Run(PeerList.Vector);

    [Benchmark, PeerBenchmark("tensors")]
    public void TensorPrimitives() => Run(PeerList.Tensors);

    [Benchmark, PeerBenchmark("torch")]
    public void TorchSharp() => Run(PeerList.Torch);
}

/// <summary>ReLU.</summary>
public class ReluBenchmarks : ElementwiseBenchmarks
{
    private protected override Work? Create(IPeer peer) => ((IElementwisePeer)peer).Relu(Length);
}

/// <summary>Gradient descent with momentum over flat parameters.</summary>
public class MomentumBenchmarks : ElementwiseBenchmarks
{
    private protected override Work? Create(IPeer peer) => ((IElementwisePeer)peer).MomentumUpdate(Length);
}
