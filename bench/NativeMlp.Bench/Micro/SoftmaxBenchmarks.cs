// SPDX-License-Identifier: MIT
using BenchmarkDotNet.Attributes;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Micro;

/// <summary>Softmax of the rows of a batch.</summary>
public class SoftmaxBenchmarks : PeerBenchmarks
{
    private const int Rows = 128;

    [Params(10, 1000)]
    public int Classes { get; set; }

    [Benchmark(Baseline = true)]
    public void NativeMlp() => Run(PeerList.Own);

    [Benchmark, PeerBenchmark("loops")]
    public void Loops() => Run(PeerList.Loops);

    [Benchmark, PeerBenchmark("tensors")]
    public void TensorPrimitives() => Run(PeerList.Tensors);

    [Benchmark, PeerBenchmark("torch")]
    public void TorchSharp() => Run(PeerList.Torch);

    private protected override Work? Create(IPeer peer) => ((IElementwisePeer)peer).Softmax(Rows, Classes);
}
