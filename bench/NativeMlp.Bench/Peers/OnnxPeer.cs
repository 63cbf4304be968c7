// SPDX-License-Identifier: MIT
#if ONNX_PEER
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using NativeMlp.Bench.Processors;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Peers;

/// <summary>ONNX Runtime. Input and output are its own views of arrays, made once.</summary>
internal sealed class OnnxPeer : IPredictPeer, IDensePeer
{
    // Fails here, with the loader's words, if the native part is missing.
    public OnnxPeer() => _ = OrtEnv.Instance();

    public bool UsesThreadPool => false;

    public Work Predict(Network network, int rows, int threads) =>
        Run(OnnxModel.Classifier(network.Sizes), RandomData.Features(network, rows), rows, network.Outputs, threads);

    public Work Dense(int rows, int inputs, int outputs, int threads) =>
        Run(OnnxModel.ReluLayer(inputs, outputs), RandomData.Floats(rows * inputs, seed: 3), rows, outputs, threads);

    private static Work Run(byte[] model, float[] features, int rows, int outputs, int threads)
    {
        using SessionOptions options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        // One worker beside the calling thread, on a core of its own; the runtime counts processors from 1.
        if (threads > 1 && Cores.CanPin)
            options.AddSessionConfigEntry("session.intra_op_thread_affinities",
                string.Join(';', Cores.Physical.Take(threads).Skip(1).Select(core => (core + 1).ToString(CultureInfo.InvariantCulture))));
        InferenceSession session = new(model, options);
        RunOptions run = new();
        OrtValue x = OrtValue.CreateTensorValueFromMemory(features, [rows, features.Length / rows]);
        OrtValue y = OrtValue.CreateTensorValueFromMemory(new float[rows * outputs], [rows, outputs]);
        string[] inputNames = [OnnxModel.Input], outputNames = [OnnxModel.Output];
        OrtValue[] xs = [x], ys = [y];
        return new Work(() => session.Run(run, inputNames, xs, outputNames, ys), session, run, x, y);
    }
}
#endif
