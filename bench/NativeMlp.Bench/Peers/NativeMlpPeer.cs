// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Peers;

/// <summary>This library.</summary>
internal sealed class NativeMlpPeer : IStepPeer, IDataSetPeer, IPredictPeer, IGemmPeer, IDensePeer, IElementwisePeer
{
    private const double LearningRate = 1e-4;

    public bool UsesThreadPool => false;

    public Work Step(Network network, OptimizerKind optimizer, int threads)
    {
        Mlp mlp = Create(network, threads);
        Optimizer options = new() { Kind = optimizer, LearningRate = LearningRate };
        float[] x = RandomData.Features(network, network.Batch);
        int[] labels = RandomData.Labels(network.Batch, network.Outputs);
        return new Work(() => mlp.TrainStep(Batch.FromRows(x, network.Batch, labels), options), mlp);
    }

    public Work GatheredStep(Network network, DataSet data, bool bytes, int threads)
    {
        Mlp mlp = Create(network, threads);
        Optimizer options = Optimizer.SgdMomentum(LearningRate);
        float[] floats = bytes ? [] : data.Floats;
        int next = 0;
        return new Work(Step, mlp);

        void Step()
        {
            if (next + network.Batch > data.Rows) next = 0;
            ReadOnlySpan<int> rows = data.Order.AsSpan(next, network.Batch);
            Batch all = bytes
                ? Batch.FromRows(data.Bytes, data.Rows, data.Labels)
                : Batch.FromRows(floats, data.Rows, data.Labels);
            mlp.TrainStep(all with { Indices = rows, Mean = data.Mean, Scale = data.Scale }, options);
            next += network.Batch;
        }
    }

    public Work Epoch(Network network, DataSet data, int threads)
    {
        Mlp mlp = Create(network, threads);
        Optimizer options = Optimizer.SgdMomentum(LearningRate);
        float[] floats = data.Floats;
        int[] order = new int[data.Rows];
        ulong epoch = 0;
        return new Work(Epoch, mlp);

        void Epoch()
        {
            Kernels.RandomPermutation(seed: 1, epoch++, order);
            Batch all = Batch.FromRows(floats, data.Rows, data.Labels) with { Mean = data.Mean, Scale = data.Scale };
            for (int start = 0; start < order.Length; start += network.Batch)
            {
                int rows = Math.Min(network.Batch, order.Length - start);
                mlp.TrainStep(all with { Indices = order.AsSpan(start, rows) }, options);
            }
        }
    }

    public Work Predict(Network network, int rows, int threads)
    {
        Mlp mlp = Create(network, threads);
        float[] x = RandomData.Features(network, rows), scores = new float[rows * network.Outputs];
        return new Work(() => mlp.Predict(Batch.FromRows(x, rows), scores, threads: threads), mlp);
    }

    public Work Gemm(GemmOperands operands, int threads)
    {
        GemmCase c = operands.Case;
        return new Work(() => Kernels.Gemm(c.M, c.N, c.K, operands.A, operands.B, operands.C,
            transposeA: c.TransposeA, transposeB: c.TransposeB, threads: threads))
        {
            Check = operands.Check,
        };
    }

    public Work Dense(int rows, int inputs, int outputs, int threads)
    {
        DenseData d = new(rows, inputs, outputs);
        return new Work(() => Kernels.DenseForward(rows, outputs, inputs, d.X, d.W, d.Bias, d.Y, Activation.Relu,
            threads: threads));
    }

    public Work Relu(int length)
    {
        float[] x = RandomData.Floats(length, seed: 1), y = new float[length];
        return new Work(() => Kernels.Relu(x, y));
    }

    public Work Softmax(int rows, int classes)
    {
        float[] x = RandomData.Floats(rows * classes, seed: 1), y = new float[x.Length];
        return new Work(() => Kernels.Softmax(rows, classes, x, y, threads: 1));
    }

    public Work MomentumUpdate(int length)
    {
        UpdateData d = new(length);
        Optimizer optimizer = Optimizer.SgdMomentum(LearningRate);
        return new Work(() => Kernels.Update(optimizer, d.Weights, d.Gradient, d.Velocity));
    }

    private static Mlp Create(Network network, int threads) => new(new MlpOptions
    {
        Inputs = network.Inputs,
        Hidden = network.Hidden,
        Outputs = network.Outputs,
        MaxBatch = network.Batch,
        Threads = threads,
    });
}
