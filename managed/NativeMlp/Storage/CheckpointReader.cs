// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;

namespace NativeMlp.Storage;

/// <summary>Reads a checkpoint into options and networks. Every number is checked.</summary>
internal sealed class CheckpointReader(string path, SafeTensorsSource file)
{
    // Limits of the work space for the max_batch of a file, in floats. All other sizes are those of its tensors. A model
    // that was trained on large batches is loaded with smaller ones (1 GiB). Beyond 16 GiB, the number is treated as invalid.
    private const long MostWorkSpace = 1L << 28;
    private const long GreatestWorkSpace = 1L << 32;

    private readonly CheckpointMetadata _metadata = new(path, file.Metadata);

    /// <summary>The network that the file describes.</summary>
    public MlpOptions Options(int maxBatch, int threads)
    {
        CheckFormat();
        var options = new MlpOptions
        {
            Inputs = _metadata.Integer("inputs", 1),
            Hidden = _metadata.Integers("hidden"),
            Outputs = _metadata.Integer("outputs", 1),
            Loss = _metadata.Named<Loss>("loss"),
            MaxBatch = _metadata.Integer("max_batch", 1),
            Threads = threads,
            Initialization = Initialization.Zeros,
        };
        options = _metadata.Text("version", "") == CheckpointDescription.FirstVersion
            ? options with { Activation = _metadata.Named<Activation>("activation") }
            : _metadata.Described(options, file.Tensors.ContainsKey(CheckpointTensors.ClassWeights)
                ? Finite(CheckpointTensors.ClassWeights, Find(CheckpointTensors.ClassWeights, [options.Outputs])) : []);
        LayerShape[] shapes = options.Shapes();
        CheckSizes(shapes);
        return options with { MaxBatch = maxBatch > 0 ? maxBatch : MaxBatch(options, shapes) };
    }

    public CheckpointInfo Info(int inputs) => _metadata.Info(
        file.Tensors.ContainsKey(CheckpointTensors.Mean) ? Finite(CheckpointTensors.Mean, Find(CheckpointTensors.Mean, [inputs])) : []);

    private bool IsOurs => _metadata.Text("format", "") == CheckpointDescription.Format;

    public OptimizerState OptimizerState() => _metadata.OptimizerState();

    /// <summary>The precision of the weights.</summary>
    private Precision Precision => IsOurs && file.Metadata.ContainsKey(CheckpointDescription.Precision)
        ? _metadata.Named<Precision>(CheckpointDescription.Precision) : Precision.Float32;

    /// <summary>Gives a network into which the parameters were read the precision of the file. The widened weights are exactly those of the
    /// file, so they are not rounded.</summary>
    /// <returns>The network, or another one that replaces it; then the network has been disposed of.</returns>
    public Mlp Narrowed(Mlp mlp)
    {
        if (Precision == Precision.Float32) return mlp;
        using (mlp) return mlp.Freeze(Precision);
    }

    public bool HasThirdMoments => file.Tensors.Keys.Any(name => name.StartsWith(CheckpointTensors.Third, StringComparison.Ordinal));

    /// <summary>Reads all tensors of a kind, and then writes them, so that nothing is written if one of them is refused.</summary>
    public void ReadInto(Mlp mlp, TensorKind kind, string prefix, bool transposed)
    {
        string beyond = prefix + CheckpointTensors.Name(mlp.Layers.Count);
        if (file.Tensors.Keys.FirstOrDefault(name => name.StartsWith(beyond, StringComparison.Ordinal)) is { } extra)
            throw Bad($"it has the tensor {Printable.Quoted(extra)}; the network has only {mlp.Layers.Count} layers.");

        var values = new List<(int Layer, LayerTensor Which, float[] Values)>();
        foreach ((int layer, LayerTensor which) in CheckpointTensors.Of(mlp, kind))
        {
            int[] shape = CheckpointTensors.Shape(mlp, layer, which);
            bool turn = transposed && which == LayerTensor.Weight;
            string name = prefix + CheckpointTensors.Name(layer, which);
            TensorEntry found = Find(name, turn ? [shape[1], shape[0]] : shape);
            CheckElements(name, found, kind, which);
            float[] read = Finite(name, found);
            if (which == LayerTensor.RunningVariance && Array.Exists(read, value => value < 0))
                throw Bad($"tensor '{name}' has a negative element; it is a variance.");

            values.Add((layer, which, turn ? Transpose(read, shape[0], shape[1]) : read));
        }

        foreach ((int layer, LayerTensor which, float[] read) in values)
            mlp.Write(kind, layer, which, read);
    }

    /// <summary>The layout of the weights in the file. A square layer fits in both layouts, so no other check would detect a wrong
    /// one.</summary>
    public WeightLayout Layout(WeightLayout? wanted)
    {
        string? said = file.Metadata.GetValueOrDefault("layout");
        WeightLayout? found = said switch
        {
            CheckpointDescription.Layout => WeightLayout.InputsByOutputs,
            "out,in" => WeightLayout.OutputsByInputs,
            null => wanted,
            _ => throw Bad($"its metadata say layout={Printable.Quoted(said)}; it must be {CheckpointDescription.Layout} or out,in."),
        };
        if (wanted is not null && found != wanted)
            throw Bad($"its metadata say layout={said}; {wanted} was asked for.");

        return found ?? throw Bad("its metadata do not say whether weights are [inputs × outputs] or [outputs × inputs]: name the layout.");
    }

    private void CheckFormat()
    {
        if (!IsOurs)
            throw Bad($"its metadata do not say format={CheckpointDescription.Format}, so this is not a model that NativeMlp saved.");

        if (_metadata.Text("version", "") != CheckpointDescription.FirstVersion)
            _metadata.MustSay("version", CheckpointDescription.Version);

        _metadata.MustSay("layout", CheckpointDescription.Layout);
    }

    // Checked before memory is allocated: the sizes in the metadata must be those of the tensors.
    private void CheckSizes(LayerShape[] shapes)
    {
        for (int layer = 0; layer < shapes.Length; layer++)
        {
            Find(CheckpointTensors.Name(layer, LayerTensor.Weight), [shapes[layer].Inputs, shapes[layer].Width]);
            Find(CheckpointTensors.Name(layer, LayerTensor.Bias), [shapes[layer].Width]);
        }
    }

    // A tensor of another type would be rounded without a word.
    private void CheckElements(string name, TensorEntry tensor, TensorKind kind, LayerTensor which)
    {
        if (kind != TensorKind.Parameter || which != LayerTensor.Weight || Precision == Precision.Float32) return;
        if (tensor.ElementType != WrittenTensor.BFloat16)
            throw Bad($"its metadata say {CheckpointDescription.Precision}={Precision}, but tensor '{name}' has elements of type {Printable.Quoted(tensor.ElementType)}; they must be {WrittenTensor.BFloat16}.");
    }

    // At most six areas for the sums of each layer, and two for the inputs.
    private int MaxBatch(MlpOptions options, LayerShape[] shapes)
    {
        long floatsOfARow = (2L * options.Inputs) + shapes.Sum(shape => 6L * shape.Width);
        if (floatsOfARow > GreatestWorkSpace / options.MaxBatch)
            throw Bad($"its metadata say max_batch='{options.MaxBatch}', for which steps would need more than {GreatestWorkSpace >> 28} GiB; name a smaller one when loading.");
        return (int)Math.Clamp(MostWorkSpace / floatsOfARow, 1, options.MaxBatch);
    }

    private TensorEntry Find(string name, int[] shape)
    {
        if (!file.Tensors.TryGetValue(name, out TensorEntry? tensor))
            throw Bad($"it has no tensor '{name}'.");

        return tensor.Shape.SequenceEqual(shape)
            ? tensor
            : throw Bad($"tensor '{name}' is [{string.Join(" × ", tensor.Shape)}]; the network needs [{string.Join(" × ", shape)}].");
    }

    private float[] Finite(string name, TensorEntry tensor)
    {
        float[] values = file.ReadFloats(tensor);
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0 ? values : throw Bad(string.Create(CultureInfo.InvariantCulture, $"element {bad} of tensor '{name}' is {values[bad]}."));
    }

    /// <summary>Transposes a matrix <c>[outputs × inputs]</c> to <c>[inputs × outputs]</c>.</summary>
    internal static T[] Transpose<T>(T[] values, int inputs, int outputs)
    {
        var turned = new T[values.Length]; // an index into an array of this length fits into an int
        for (int p = 0; p < inputs; p++)
        {
            for (int j = 0; j < outputs; j++)
                turned[(p * outputs) + j] = values[(j * inputs) + p];
        }

        return turned;
    }

    private DataFormatException Bad(string problem) => new(path, problem);
}
