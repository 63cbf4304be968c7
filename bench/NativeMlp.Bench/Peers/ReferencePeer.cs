// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Workloads;
using NativeMlp.Reference;

namespace NativeMlp.Bench.Peers;

/// <summary>The readable loops of <see cref="NativeMlp.Reference"/>.</summary>
internal sealed class ReferencePeer : IStepPeer, IPredictPeer
{
    // Beyond this a call takes tens of milliseconds.
    private const double MostFlops = 1e7;

    public bool UsesThreadPool => false;

    public Work? Step(Network network, OptimizerKind optimizer, int threads)
    {
        if (network.StepFlops > MostFlops) return null;
        ReferenceOptimizer steps = new(Create(network), new Optimizer { Kind = optimizer, LearningRate = 1e-4 });
        double[,] x = Rows(network, network.Batch);
        int[] labels = RandomData.Labels(network.Batch, network.Outputs);
        return new Work(() => steps.Step(x, labels));
    }

    public Work? Predict(Network network, int rows, int threads)
    {
        if (network.PredictFlops(rows) > MostFlops) return null;
        ReferenceNetwork reference = Create(network);
        double[,] x = Rows(network, rows);
        return new Work(() => reference.Forward(x));
    }

    private static ReferenceNetwork Create(Network network)
    {
        using Mlp mlp = new(new MlpOptions { Inputs = network.Inputs, Hidden = network.Hidden, Outputs = network.Outputs });
        return ReferenceNetwork.FromMlp(mlp);
    }

    private static double[,] Rows(Network network, int rows)
    {
        float[] values = RandomData.Features(network, rows);
        double[,] matrix = new double[rows, network.Inputs];
        for (int i = 0; i < values.Length; i++) matrix[i / network.Inputs, i % network.Inputs] = values[i];
        return matrix;
    }
}
