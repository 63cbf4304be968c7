// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>The facts about the model of a run that a report shows.</summary>
/// <param name="Shape">The layers, such as 784-256-10.</param>
/// <param name="Networks">The number of networks whose predictions are averaged.</param>
/// <param name="Parameters">The number of parameters of all networks together.</param>
/// <param name="Inputs">The number of inputs of a network.</param>
/// <param name="FirstWeights">The weights of the first layer, <c>[inputs × units]</c>, with the colours of a pixel next to each other, if the
/// inputs are an image; otherwise empty.</param>
internal sealed record ModelRecord(string Shape, int Networks, long Parameters, int Inputs, float[] FirstWeights)
{
    /// <returns>Null if there is no file.</returns>
    /// <exception cref="DataFormatException">The model is damaged.</exception>
    public static ModelRecord? Read(string? path)
    {
        if (!File.Exists(path))
            return null;
        bool table;
        using (SafeTensorsSource file = new(path))
            table = TableModelFile.Describes(file.Metadata);
        if (table)
        {
            using TableModel model = TableModel.Load(path);
            return Of(model.Networks, PixelOrder.Unstated);
        }

        using LoadedCheckpoint checkpoint = Checkpoint.Load(path, maxBatch: 1);
        return Of([checkpoint.Mlp], checkpoint.Info.PixelOrder);
    }

    public static ModelRecord Of(IReadOnlyList<Mlp> networks, PixelOrder order)
    {
        Mlp first = networks[0];
        return new ModelRecord(Output.Format.Shape(first.Inputs, first.Options.Hidden, first.Outputs), networks.Count, networks.Sum(network => network.ParameterCount),
            first.Inputs, PictureRows.IsPicture(first.Inputs) && networks.Count == 1 ? FirstWeightsOf(first, order) : []);
    }

    private static float[] FirstWeightsOf(Mlp network, PixelOrder order)
    {
        int units = network.Layers[0].Width;
        float[] weights = new float[network.Layers[0].WeightCount], turned = new float[weights.Length];
        network.ReadWeights(0, weights);
        int[] places = PictureRows.ColoursLast<int>([.. Enumerable.Range(0, network.Inputs)], order);
        for (int input = 0; input < places.Length; input++)
            weights.AsSpan(places[input] * units, units).CopyTo(turned.AsSpan(input * units));
        return turned;
    }
}
