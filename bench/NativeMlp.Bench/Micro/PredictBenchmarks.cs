// SPDX-License-Identifier: MIT
using BenchmarkDotNet.Attributes;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Micro;

/// <summary>Predictions.</summary>
public class PredictBenchmarks : PeerBenchmarks
{
    [Params("B", "C")]
    public string Network { get; set; } = "";

    [Params(1, 1024)]
    public int Rows { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [Benchmark(Baseline = true)]
    public void NativeMlp() => Run(PeerList.Own);

    [Benchmark, PeerBenchmark("reference")]
    public void ReadableLoops() => Run(PeerList.Reference);

    [Benchmark, PeerBenchmark("torch")]
    public void TorchSharp() => Run(PeerList.Torch);

    [Benchmark, PeerBenchmark("onnx")]
    public void OnnxRuntime() => Run(PeerList.Onnx);

    private protected override Work? Create(IPeer peer) =>
        ((IPredictPeer)peer).Predict(Workloads.Network.Named(Network), Rows, Threads);
}
