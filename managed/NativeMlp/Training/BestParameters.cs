// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>The parameters of the best epoch so far, for <see cref="EarlyStopping"/>.</summary>
internal sealed class BestParameters(Mlp mlp, EarlyStopping stopping)
{
    private readonly List<float[]> _kept = [];
    private double _best = double.PositiveInfinity;
    private int _waited;

    /// <summary>The epoch that they are of, from 1; 0 if there is none.</summary>
    public int Epoch { get; private set; }

    /// <summary>Takes note of an epoch's loss; true if the run should end.</summary>
    public bool Ends(int epoch, double loss)
    {
        if (!(loss < _best - stopping.MinimumDelta) && Epoch > 0) return ++_waited >= stopping.Patience;
        (_best, _waited, Epoch) = (loss, 0, epoch);
        Each((layer, tensor, index) =>
        {
            if (index == _kept.Count) _kept.Add(new float[mlp.Layers[layer].LengthOf(tensor)]);
            mlp.Read(TensorKind.Parameter, layer, tensor, _kept[index]);
        });
        return false;
    }

    /// <summary>Puts them back.</summary>
    public void Restore()
    {
        if (Epoch > 0) Each((layer, tensor, index) => mlp.Write(TensorKind.Parameter, layer, tensor, _kept[index]));
    }

    private void Each(Action<int, LayerTensor, int> visit)
    {
        int index = 0;
        for (int layer = 0; layer < mlp.Layers.Count; layer++)
            foreach (LayerTensor tensor in mlp.Layers[layer].Tensors)
                visit(layer, tensor, index++);
    }
}
