// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

public sealed partial class Mlp
{
    /// <summary>The counters of the optimizer. With them and the moments, training continues from a checkpoint with the same
    /// bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value that is set is not allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public OptimizerState OptimizerState
    {
        get => NetCalls.ReadOptimizerState(_net.OpenFor(this)).ToOptimizerState();
        set
        {
            if (!Enum.IsDefined(value.Kind))
                Throw.OutOfRange($"OptimizerState.Kind is {(int)value.Kind}, which names no kind of optimizer.", nameof(value));
            if (value.Steps > long.MaxValue)
                Throw.OutOfRange($"OptimizerState.Steps is {value.Steps}; it must be less than 2^63.", nameof(value));
            CheckPower(value.Beta1Power, nameof(value.Beta1Power));
            CheckPower(value.Beta2Power, nameof(value.Beta2Power));
            NetCalls.WriteOptimizerState(_net.OpenFor(this), value.ToNative());
        }
    }

    /// <summary>Copies a tensor out of the network, rows without gaps.</summary>
    /// <param name="kind">The kind of the tensor.</param>
    /// <param name="layer">From 0.</param>
    /// <param name="tensor">The tensor: the weight <c>[inputs × width]</c>, or another one, <c>[width]</c>.</param>
    /// <param name="destination">An array with the length of the tensor.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has the wrong length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind, layer or tensor.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public void Read(TensorKind kind, int layer, LayerTensor tensor, Span<float> destination)
    {
        CheckTensor(kind, layer, tensor, destination.Length, nameof(destination));
        int status = NativeMethods.nmlp_net_read(_net.OpenFor(this), (int)kind, Index(layer, tensor), destination,
            (nuint)destination.Length);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_read));
    }

    /// <summary>Copies a tensor into the network, rows without gaps. Weights are rounded to the <see cref="Precision"/> of the
    /// network.</summary>
    /// <param name="kind">The kind of the tensor.</param>
    /// <param name="layer">From 0.</param>
    /// <param name="tensor">The tensor: the weight <c>[inputs × width]</c>, or another one, <c>[width]</c>.</param>
    /// <param name="source">An array with the length of the tensor.</param>
    /// <exception cref="ArgumentException"><paramref name="source"/> has the wrong length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind, layer or tensor.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public void Write(TensorKind kind, int layer, LayerTensor tensor, ReadOnlySpan<float> source)
    {
        CheckTensor(kind, layer, tensor, source.Length, nameof(source));
        int status = NativeMethods.nmlp_net_write(_net.OpenFor(this), (int)kind, Index(layer, tensor), source, (nuint)source.Length);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_write));
    }

    /// <summary>Copies the weights of a layer, <c>[inputs × width]</c>, out of the network.</summary>
    /// <inheritdoc cref="Read(TensorKind, int, LayerTensor, Span{float})"/>
    public void ReadWeights(int layer, Span<float> destination) =>
        Read(TensorKind.Parameter, layer, LayerTensor.Weight, destination);

    /// <summary>Copies the biases of a layer, <c>[width]</c>, out of the network.</summary>
    /// <inheritdoc cref="Read(TensorKind, int, LayerTensor, Span{float})"/>
    public void ReadBiases(int layer, Span<float> destination) =>
        Read(TensorKind.Parameter, layer, LayerTensor.Bias, destination);

    /// <summary>Copies the weights of a layer, <c>[inputs × width]</c>, into the network.</summary>
    /// <inheritdoc cref="Write(TensorKind, int, LayerTensor, ReadOnlySpan{float})"/>
    public void WriteWeights(int layer, ReadOnlySpan<float> source) =>
        Write(TensorKind.Parameter, layer, LayerTensor.Weight, source);

    /// <summary>Copies the biases of a layer, <c>[width]</c>, into the network.</summary>
    /// <inheritdoc cref="Write(TensorKind, int, LayerTensor, ReadOnlySpan{float})"/>
    public void WriteBiases(int layer, ReadOnlySpan<float> source) =>
        Write(TensorKind.Parameter, layer, LayerTensor.Bias, source);

    /// <summary>Whether the network has memory for tensors of this kind. Tensors without memory are read as 0.</summary>
    internal bool Holds(TensorKind kind)
    {
        int holds = NativeMethods.nmlp_net_holds(_net.OpenFor(this), (int)kind);
        StatusCheck.ThrowIfFailed(Math.Min(holds, 0), nameof(NativeMethods.nmlp_net_holds));
        return holds > 0;
    }

    // Tensors are numbered layer by layer. Tensors that a layer does not have are skipped.
    private nuint Index(int layer, LayerTensor tensor)
    {
        int index = (int)tensor;
        for (int before = 0; before < layer; before++) index += _layers[before].Tensors.Count;
        return (nuint)index;
    }

    private void CheckTensor(TensorKind kind, int layer, LayerTensor tensor, int length, string name)
    {
        if (!Enum.IsDefined(kind)) Throw.OutOfRange($"kind is {(int)kind}, which names no kind of tensor.", nameof(kind));
        if (!Enum.IsDefined(tensor)) Throw.OutOfRange($"tensor is {(int)tensor}, which names no tensor.", nameof(tensor));
        if ((uint)layer >= (uint)_layers.Length)
            Throw.OutOfRange($"layer is {layer}; the network has {_layers.Length}, counted from 0.", nameof(layer));
        LayerShape shape = _layers[layer];
        if (!shape.Has(tensor))
            Throw.OutOfRange($"tensor is {tensor}; layer {layer} has none (Norm {shape.Norm}).", nameof(tensor));
        if (kind != TensorKind.Parameter && tensor is LayerTensor.RunningMean or LayerTensor.RunningVariance)
            Throw.OutOfRange($"kind is {kind}; a {tensor} is not a parameter and has none.", nameof(kind));
        long expected = shape.LengthOf(tensor);
        string place = tensor == LayerTensor.Weight
            ? FormattableString.Invariant($"the weight [{shape.Inputs} × {shape.Width}] of layer {layer}")
            : FormattableString.Invariant($"the {tensor.ToString().ToLowerInvariant()} [{shape.Width}] of layer {layer}");
        if (length != expected) Throw.WrongLength(length, expected, place, name);
    }

    private static void CheckPower(double value, string name)
    {
        if (!(value is >= 0 and <= 1)) Throw.OutOfRange($"OptimizerState.{name} is {value}; it must be from 0 to 1.", nameof(value));
    }
}
