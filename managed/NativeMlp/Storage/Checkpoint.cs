// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Security.Cryptography;
using NativeMlp.Data;

namespace NativeMlp.Storage;

/// <summary>
/// Models as safetensors files. The weights are the tensors <c>layers.N.weight</c>
/// <c>[inputs × outputs]</c> (metadata <c>layout=in,out</c>; of a maxout <c>[inputs × pieces·outputs]</c>, piece after
/// piece) and <c>layers.N.bias</c>; the optimizer's moments stand beside them as <c>optimizer.first.…</c> and
/// <c>optimizer.second.…</c>, so that training goes on from a loaded model with the same bits as without the pause.
/// </summary>
public static class Checkpoint
{
    private const string Format = "nativemlp";
    private const string Version = "2";
    private const string FirstVersion = "1"; // one activation for all hidden layers, and nothing else that a layer may have
    private const string Ours = "in,out";
    private const string Mean = "normalization.mean";
    private const string ClassWeights = "loss.class_weights";
    private const long MaxWorkSpace = 1L << 32; // floats that a file's max_batch may ask for

    /// <summary>Saves a model; an old file is replaced as a whole or not at all.</summary>
    /// <param name="mlp">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="info">What to say beside the parameters.</param>
    /// <exception cref="ArgumentException">The mean of <paramref name="info"/> has not one element for each input.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(Mlp mlp, string path, CheckpointInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        info ??= new CheckpointInfo();
        if (info.Mean.Length != mlp.Inputs && info.Mean.Length != 0)
            Throw.WrongLength(info.Mean.Length, mlp.Inputs, "one for each input of the network", "info.Mean");
        var tensors = new Dictionary<string, SafeTensor>();
        OptimizerProgress progress = mlp.Progress;
        foreach ((TensorKind kind, string prefix) in Kinds(progress))
        {
            foreach ((int layer, LayerTensor which) in Tensors(mlp, kind))
            {
                tensors[prefix + Name(layer, which)] = SafeTensor.FromFloats(Read(mlp, kind, layer, which), Shape(mlp, layer, which));
            }
        }

        if (mlp.Options.ClassWeights.Count > 0)
        {
            tensors[ClassWeights] = SafeTensor.FromFloats([.. mlp.Options.ClassWeights], mlp.Outputs);
        }

        if (info.Mean.Length > 0)
        {
            tensors[Mean] = SafeTensor.FromFloats(info.Mean, info.Mean.Length);
        }

        new SafeTensorsFile(tensors, Describe(mlp, info, progress)).Write(path);
    }

    /// <summary>Loads a model that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBatch">Most rows of a training step of the loaded model; 0 for what it was made with.</param>
    /// <param name="threads">Its most workers; 0 for the default.</param>
    /// <returns>The model, to be disposed by the caller.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is damaged, or no checkpoint of ours.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is not allowed.</exception>
    /// <exception cref="OutOfMemoryException">The network does not fit in memory with steps of that many rows.</exception>
    public static LoadedCheckpoint Load(string path, int maxBatch = 0, int threads = 0)
    {
        SafeTensorsFile file = SafeTensorsFile.Read(path);
        var metadata = new CheckpointMetadata(path, file.Metadata);
        if (metadata.Text("format", "") != Format)
        {
            throw new DataFormatException(path, $"its metadata do not say format={Format}, so this is no model that NativeMlp saved.");
        }

        if (metadata.Text("version", "") != FirstVersion)
        {
            metadata.MustSay("version", Version);
        }

        metadata.MustSay("layout", Ours);
        MlpOptions options = Options(path, file, metadata, maxBatch, threads);
        CheckpointInfo info = metadata.Info(ReadMean(path, file, options.Inputs));
        Mlp mlp = new(options);
        try
        {
            OptimizerProgress progress = metadata.Progress();
            foreach ((TensorKind kind, string prefix) in Kinds(progress))
            {
                ReadInto(mlp, path, file, kind, prefix, transposed: false);
            }

            mlp.Progress = progress;
            return new LoadedCheckpoint(mlp, info);
        }
        catch
        {
            mlp.Dispose();
            throw;
        }
    }

    /// <summary>Reads the weights of any safetensors file with our tensor names into a model.</summary>
    /// <param name="mlp">The model; unchanged if anything is refused.</param>
    /// <param name="path">The file.</param>
    /// <param name="layout">How its weights are laid out; needed where the file itself does not say, and never against
    /// what it says.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is damaged, silent about its layout, or of another layout or shape.</exception>
    public static void LoadWeights(Mlp mlp, string path, WeightLayout? layout = null)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        SafeTensorsFile file = SafeTensorsFile.Read(path);
        WeightLayout found = LayoutOf(path, file.Metadata.GetValueOrDefault("layout"), layout);
        ReadInto(mlp, path, file, TensorKind.Parameter, "", transposed: found == WeightLayout.OutputsByInputs);
    }

    /// <summary>A fingerprint of the parameters.</summary>
    /// <param name="mlp">The model.</param>
    /// <returns>SHA-256 over the little-endian float32 parameters, layer by layer, weight then bias, and
    /// with a norm gain, shift and running statistics; lower-case hex.</returns>
    public static string WeightsSha256(Mlp mlp)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((int layer, LayerTensor which) in Tensors(mlp, TensorKind.Parameter))
        {
            hash.AppendData(SafeTensor.FromFloats(Read(mlp, TensorKind.Parameter, layer, which), Shape(mlp, layer, which)).Bytes.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A square layer fits both ways round, so that nothing but this would notice.
    private static WeightLayout LayoutOf(string path, string? said, WeightLayout? wanted)
    {
        WeightLayout? found = said switch
        {
            Ours => WeightLayout.InputsByOutputs,
            "out,in" => WeightLayout.OutputsByInputs,
            null => wanted,
            _ => throw new DataFormatException(path, $"its metadata say layout='{said}'; it must be {Ours} or out,in."),
        };
        if (wanted is not null && found != wanted)
        {
            throw new DataFormatException(path, $"its metadata say layout={said}; {wanted} was asked for.");
        }

        return found ?? throw new DataFormatException(
            path, "its metadata do not say whether weights are [inputs × outputs] or [outputs × inputs]: name the layout.");
    }

    private static string Name(int layer, LayerTensor which) => Name(layer) + which switch
    {
        LayerTensor.Weight => "weight",
        LayerTensor.Bias => "bias",
        LayerTensor.Gain => "norm.weight", // PyTorch's words
        LayerTensor.Shift => "norm.bias",
        LayerTensor.RunningMean => "norm.running_mean",
        _ => "norm.running_var",
    };

    private static string Name(int layer) => string.Create(CultureInfo.InvariantCulture, $"layers.{layer}.");

    // Running statistics are no parameters: they have no moments.
    private static IEnumerable<(int Layer, LayerTensor Which)> Tensors(Mlp mlp, TensorKind kind) =>
        from layer in Enumerable.Range(0, mlp.Layers.Count)
        from tensor in mlp.Layers[layer].Tensors
        where kind == TensorKind.Parameter || tensor <= LayerTensor.Shift
        select (layer, tensor);

    // The parameters, and the moments that the optimizer keeps.
    private static IEnumerable<(TensorKind Kind, string Prefix)> Kinds(OptimizerProgress progress)
    {
        yield return (TensorKind.Parameter, "");
        if (progress.Steps > 0 && progress.Kind.HasFirstMoment())
        {
            yield return (TensorKind.FirstMoment, "optimizer.first.");
        }

        if (progress.Steps > 0 && progress.Kind.HasSecondMoment())
        {
            yield return (TensorKind.SecondMoment, "optimizer.second.");
        }
    }

    private static int[] Shape(Mlp mlp, int layer, LayerTensor which) =>
        which == LayerTensor.Weight ? [mlp.Layers[layer].Inputs, mlp.Layers[layer].Width] : [mlp.Layers[layer].Width];

    private static float[] Read(Mlp mlp, TensorKind kind, int layer, LayerTensor which)
    {
        var values = new float[Shape(mlp, layer, which).Aggregate(1, (product, size) => product * size)];
        mlp.Read(kind, layer, which, values);
        return values;
    }

    private static Dictionary<string, string> Describe(Mlp mlp, CheckpointInfo info, OptimizerProgress progress)
    {
        MlpOptions options = mlp.Options;
        return new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = Version,
            ["layout"] = Ours,
            ["inputs"] = Text(options.Inputs),
            ["hidden"] = string.Join(',', options.Hidden.Select(width => Text(width))),
            ["outputs"] = Text(options.Outputs),
            ["activations"] = PerLayer(mlp, layer => layer.Activation.ToString()),
            ["pieces"] = PerLayer(mlp, layer => Text(layer.Pieces)),
            ["alphas"] = PerLayer(mlp, layer => Text(layer.ActivationAlpha)),
            ["norms"] = PerLayer(mlp, layer => layer.Norm.ToString()),
            ["norm_epsilon"] = Text(options.NormEpsilon),
            ["norm_momentum"] = Text(options.NormMomentum),
            ["dropouts"] = PerLayer(mlp, layer => Text(layer.Dropout)),
            ["dropout_seed"] = Text(options.Seed),
            ["loss"] = options.Loss.ToString(),
            ["label_smoothing"] = Text(options.LabelSmoothing),
            ["loss_delta"] = Text(options.LossDelta),
            ["max_batch"] = Text(options.MaxBatch),
            ["dataset"] = info.DataSet,
            ["scale"] = info.Scale.ToString("R", CultureInfo.InvariantCulture),
            ["seed"] = Text(info.Seed),
            ["epochs"] = Text(info.Epochs),
            ["optimizer"] = progress.Kind.ToString(),
            ["steps"] = Text(progress.Steps),
            ["beta1_power"] = progress.Beta1Power.ToString("R", CultureInfo.InvariantCulture),
            ["beta2_power"] = progress.Beta2Power.ToString("R", CultureInfo.InvariantCulture),
        };
    }

    private static string PerLayer(Mlp mlp, Func<LayerShape, string> text) => string.Join(',', mlp.Layers.Select(text));

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static MlpOptions Options(string path, SafeTensorsFile file, CheckpointMetadata metadata, int maxBatch, int threads)
    {
        var options = new MlpOptions
        {
            Inputs = metadata.Integer("inputs", 1),
            Hidden = metadata.Integers("hidden"),
            Outputs = metadata.Integer("outputs", 1),
            Loss = metadata.Named<Loss>("loss"),
            MaxBatch = maxBatch > 0 ? maxBatch : metadata.Integer("max_batch", 1),
            Threads = threads,
            Initialization = Initialization.Zeros,
        };
        options = metadata.Text("version", "") == FirstVersion
            ? options with { Activation = metadata.Named<Activation>("activation") }
            : metadata.Described(options, file.Tensors.ContainsKey(ClassWeights)
                ? Finite(path, ClassWeights, Find(path, file, ClassWeights, [options.Outputs])) : []);
        // Before any memory is asked for: the sizes that the metadata name are those of the tensors.
        int layer = 0;
        long widths = 2L * options.Inputs;
        foreach (LayerShape shape in options.Shapes())
        {
            Find(path, file, Name(layer, LayerTensor.Weight), [shape.Inputs, shape.Width]);
            Find(path, file, Name(layer++, LayerTensor.Bias), [shape.Width]);
            widths += 6L * shape.Width;
        }

        if (maxBatch == 0 && widths * options.MaxBatch > MaxWorkSpace)
        {
            throw new DataFormatException(path, $"its metadata say max_batch='{options.MaxBatch}', for which steps would need more than {MaxWorkSpace >> 28} GiB; name a smaller one when loading.");
        }

        return options;
    }

    private static float[] ReadMean(string path, SafeTensorsFile file, int inputs) =>
        file.Tensors.ContainsKey(Mean) ? Finite(path, Mean, Find(path, file, Mean, [inputs])) : [];

    private static void ReadInto(Mlp mlp, string path, SafeTensorsFile file, TensorKind kind, string prefix, bool transposed)
    {
        if (file.Tensors.Keys.FirstOrDefault(name => name.StartsWith(prefix + Name(mlp.Layers.Count), StringComparison.Ordinal)) is { } extra)
        {
            throw new DataFormatException(path, $"it has the tensor '{extra}'; the network has only {mlp.Layers.Count} layers.");
        }

        var values = new List<(int Layer, LayerTensor Which, float[] Values)>();
        foreach ((int layer, LayerTensor which) in Tensors(mlp, kind))
        {
            int[] shape = Shape(mlp, layer, which);
            bool turn = transposed && which == LayerTensor.Weight;
            float[] read = Finite(path, prefix + Name(layer, which), Find(path, file, prefix + Name(layer, which), turn ? [shape[1], shape[0]] : shape));
            if (which == LayerTensor.RunningVariance && Array.Exists(read, value => value < 0))
            {
                throw new DataFormatException(path, $"tensor '{prefix + Name(layer, which)}' has a negative element; it is a variance.");
            }

            values.Add((layer, which, turn ? Transpose(read, shape[0], shape[1]) : read));
        }

        foreach ((int layer, LayerTensor which, float[] read) in values)
        {
            mlp.Write(kind, layer, which, read);
        }
    }

    private static SafeTensor Find(string path, SafeTensorsFile file, string name, int[] shape)
    {
        if (!file.Tensors.TryGetValue(name, out SafeTensor? tensor))
        {
            throw new DataFormatException(path, $"it has no tensor '{name}'.");
        }

        return tensor.Shape.SequenceEqual(shape)
            ? tensor
            : throw new DataFormatException(path, $"tensor '{name}' is [{string.Join(" × ", tensor.Shape)}]; the network needs [{string.Join(" × ", shape)}].");
    }

    private static float[] Finite(string path, string name, SafeTensor tensor)
    {
        float[] values = tensor.GetFloats();
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new DataFormatException(path, string.Create(CultureInfo.InvariantCulture, $"element {i} of tensor '{name}' is {values[i]}."));
            }
        }

        return values;
    }

    // From [outputs × inputs].
    private static float[] Transpose(float[] values, int inputs, int outputs)
    {
        var turned = new float[values.Length];
        for (int p = 0; p < inputs; p++)
        {
            for (int j = 0; j < outputs; j++)
            {
                turned[(p * outputs) + j] = values[(j * inputs) + p];
            }
        }

        return turned;
    }
}
