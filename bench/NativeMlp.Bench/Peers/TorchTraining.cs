// SPDX-License-Identifier: MIT
#if TORCH_PEER
using NativeMlp.Bench.Workloads;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NativeMlp.Bench.Peers;

/// <summary>A TorchSharp model with its optimizer, put together the way its documentation does.</summary>
internal sealed class TorchTraining : IDisposable
{
    private readonly Sequential _model;
    private readonly optim.Optimizer _optimizer;
    private readonly CrossEntropyLoss _loss = nn.CrossEntropyLoss();

    public TorchTraining(Network network, OptimizerKind kind, double learningRate)
    {
        _model = Model(network);
        _optimizer = kind == OptimizerKind.Adam
            ? optim.Adam(_model.parameters(), learningRate)
            : optim.SGD(_model.parameters(), learningRate, momentum: 0.9);
    }

    public static Sequential Model(Network network)
    {
        List<(string, nn.Module<Tensor, Tensor>)> modules = [];
        foreach ((int inputs, int outputs) in network.Layers)
        {
            if (modules.Count > 0) modules.Add(($"relu{modules.Count}", nn.ReLU()));
            modules.Add(($"linear{modules.Count}", nn.Linear(inputs, outputs)));
        }

        return nn.Sequential(modules);
    }

    public void Step(Tensor x, Tensor labels)
    {
        _optimizer.zero_grad();
        _loss.forward(_model.forward(x), labels).backward();
        _optimizer.step();
    }

    public void Dispose()
    {
        _loss.Dispose();
        _optimizer.Dispose();
        _model.Dispose();
    }
}
#endif
