// SPDX-License-Identifier: MIT
using BenchmarkDotNet.Attributes;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Micro;

/// <summary>One layer, <c>relu(X·W + b)</c>, on the rows of a batch and on a single row.</summary>
public class DenseBenchmarks : PeerBenchmarks
{
    private const int Inputs = 784;
    private const int Outputs = 256;

    [Params(1, 128)]
    public int Rows { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

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

    [Benchmark, PeerBenchmark("onnx")]
    public void OnnxRuntime() => Run(PeerList.Onnx);

    private protected override Work? Create(IPeer peer) => ((IDensePeer)peer).Dense(Rows, Inputs, Outputs, Threads);
}
