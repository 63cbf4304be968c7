// SPDX-License-Identifier: MIT
#if TORCH_PEER
using System.Runtime.InteropServices;
using NativeMlp.Bench.Workloads;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NativeMlp.Bench.Peers;

/// <summary>TorchSharp. Its tensors are made once: what it would cost to bring data in and results out is not counted.</summary>
internal sealed class TorchPeer : IStepPeer, IDataSetPeer, IPredictPeer, IGemmPeer, IDensePeer, IElementwisePeer
{
    private const double LearningRate = 1e-4;

    public TorchPeer()
    {
        // TorchSharp's own message does not hold the loader's words.
        NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        manual_seed(1);
    }

    public bool UsesThreadPool => false;

    public Work Step(Network network, OptimizerKind optimizer, int threads)
    {
        TorchTraining training = Training(network, optimizer, threads);
        Tensor x = randn(network.Batch, network.Inputs);
        Tensor labels = randint(0, network.Outputs, network.Batch);
        return new Work(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            training.Step(x, labels);
        }, training, x, labels);
    }

    // A user would normalise the whole data set once; that step is the one on a ready batch plus index_select.
    public Work? GatheredStep(Network network, DataSet data, bool bytes, int threads) => null;

    public Work Epoch(Network network, DataSet data, int threads)
    {
        TorchTraining training = Training(network, OptimizerKind.Momentum, threads);
        Tensor x = randn(data.Rows, network.Inputs);
        Tensor labels = randint(0, network.Outputs, data.Rows);
        return new Work(() =>
        {
            using Tensor order = randperm(data.Rows);
            for (int start = 0; start < data.Rows; start += network.Batch)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor rows = order[start..Math.Min(start + network.Batch, data.Rows)];
                training.Step(x.index_select(0, rows), labels.index_select(0, rows));
            }
        }, training, x, labels);
    }

    public Work Predict(Network network, int rows, int threads)
    {
        set_num_threads(threads);
        Sequential model = TorchTraining.Model(network);
        model.eval();
        Tensor x = tensor(RandomData.Features(network, rows), [rows, network.Inputs]);
        return new Work(() => model.forward(x).Dispose(), no_grad(), model, x);
    }

    public Work Gemm(GemmOperands operands, int threads)
    {
        set_num_threads(threads);
        GemmCase c = operands.Case;
        Tensor a = tensor(operands.A, c.TransposeA ? [c.K, c.M] : [c.M, c.K]);
        Tensor b = tensor(operands.B, c.TransposeB ? [c.N, c.K] : [c.K, c.N]);
        Tensor left = c.TransposeA ? a.t() : a.alias(), right = c.TransposeB ? b.t() : b.alias();
        return new Work(() => left.mm(right).Dispose(), no_grad(), a, b, left, right)
        {
            Check = () =>
            {
                using Tensor product = left.mm(right);
                operands.Check((row, column) => product[row, column].item<float>());
            },
        };
    }

    public Work Dense(int rows, int inputs, int outputs, int threads)
    {
        set_num_threads(threads);
        Sequential layer = nn.Sequential(("linear", nn.Linear(inputs, outputs)), ("relu", nn.ReLU(inplace: true)));
        Tensor x = randn(rows, inputs);
        return new Work(() => layer.forward(x).Dispose(), no_grad(), layer, x);
    }

    public Work Relu(int length)
    {
        set_num_threads(1);
        Tensor x = randn(length);
        return new Work(() => x.relu().Dispose(), no_grad(), x);
    }

    public Work Softmax(int rows, int classes)
    {
        set_num_threads(1);
        Tensor x = randn(rows, classes);
        return new Work(() => x.softmax(1).Dispose(), no_grad(), x);
    }

    public Work MomentumUpdate(int length)
    {
        set_num_threads(1);
        Parameter w = new(randn(length));
        w.grad = randn(length);
        optim.Optimizer sgd = optim.SGD([w], LearningRate, momentum: UpdateData.Momentum);
        return new Work(() => sgd.step(), w, sgd);
    }

    private static TorchTraining Training(Network network, OptimizerKind optimizer, int threads)
    {
        set_num_threads(threads);
        return new TorchTraining(network, optimizer, LearningRate);
    }
}
#endif
