// SPDX-License-Identifier: MIT
using NativeMlp.State;

namespace NativeMlp.Training;

/// <summary>The parameters of the best epoch so far, for <see cref="EarlyStopping"/>.</summary>
internal sealed class BestParameters(Mlp mlp, EarlyStopping stopping)
{
    private float[][] _kept = [];
    private double _best = double.PositiveInfinity;
    private int _waited;

    /// <summary>The epoch of these parameters, from 1; 0 if there is none.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether the run should end.</summary>
    public bool Exhausted => _waited >= stopping.Patience;

    /// <summary>Returns a copy of the state.</summary>
    public StoppingState State
    {
        get => new(Epoch, _best, _waited, Copy(_kept));
        set => (Epoch, _best, _waited, _kept) = (value.BestEpoch, value.BestLoss, value.Waited, Copy(value.Parameters));
    }

    /// <summary>Records the loss of an epoch. A loss that is not finite is never the best.</summary>
    public void EndEpoch(int epoch, double loss)
    {
        if (!(loss < _best - stopping.MinimumDelta))
        {
            _waited++;
            return;
        }

        NetworkTensors.Read(mlp, TensorKind.Parameter, ref _kept); // first, because it may throw
        (_best, _waited, Epoch) = (loss, 0, epoch);
    }

    /// <summary>Restores the parameters.</summary>
    public void Restore()
    {
        if (Epoch > 0) NetworkTensors.Write(mlp, TensorKind.Parameter, _kept);
    }

    private static float[][] Copy(IEnumerable<float[]> tensors) => [.. tensors.Select(tensor => tensor.ToArray())];
}
