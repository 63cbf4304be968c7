// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Peers;

/// <summary>Something that does the work of this project or a part of it. The interfaces below say which part; a method
/// answers null for a case that the peer does not do, or for which nobody would want to wait.</summary>
internal interface IPeer
{
    /// <summary>Whether its workers come from the .NET thread pool: those inherit the cores of whoever starts them, so the
    /// caller must not be pinned.</summary>
    bool UsesThreadPool { get; }
}

/// <summary>Trains whole networks.</summary>
internal interface IStepPeer : IPeer
{
    /// <summary>A step on a batch that lies ready: forward, softmax cross-entropy, backward, update.</summary>
    Work? Step(Network network, OptimizerKind optimizer, int threads);
}

/// <summary>Trains on rows gathered by index out of a whole data set.</summary>
internal interface IDataSetPeer : IPeer
{
    /// <summary>A step on the next batch of the data set in its shuffled order, normalised; null if it has no such way.</summary>
    Work? GatheredStep(Network network, DataSet data, bool bytes, int threads);

    /// <summary>An epoch: a new order, then a step for each batch.</summary>
    Work? Epoch(Network network, DataSet data, int threads);
}

/// <summary>Predicts scores.</summary>
internal interface IPredictPeer : IPeer
{
    Work? Predict(Network network, int rows, int threads);
}

/// <summary>Multiplies matrices.</summary>
internal interface IGemmPeer : IPeer
{
    Work? Gemm(GemmOperands operands, int threads);
}

/// <summary>Computes one layer, <c>Y = relu(X·W + b)</c>.</summary>
internal interface IDensePeer : IPeer
{
    Work? Dense(int rows, int inputs, int outputs, int threads);
}

/// <summary>Element-wise kernels, on one thread.</summary>
internal interface IElementwisePeer : IPeer
{
    Work? Relu(int length);

    Work? Softmax(int rows, int classes);

    Work? MomentumUpdate(int length);
}
