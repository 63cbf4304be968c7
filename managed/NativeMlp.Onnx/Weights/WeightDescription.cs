// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.Onnx.Import;

namespace NativeMlp.Onnx.Weights;

/// <summary>What a file of weights says of a network beside its weights, by name; and what the user says of it.</summary>
internal sealed class WeightDescription(string path, IReadOnlyDictionary<string, string> entries, ImportOptions options)
{
    // What scikit-learn calls the activations.
    private static readonly Dictionary<string, Activation> s_others = new(StringComparer.Ordinal) { ["logistic"] = Activation.Sigmoid };

    private readonly string[]? _activations = List(entries, "activations");
    private readonly string[]? _pieces = List(entries, "pieces");
    private readonly string[]? _alphas = List(entries, "alphas");
    private readonly List<string> _notes = [];

    public IReadOnlyList<string> Notes => _notes;

    public double NormEpsilon => options.NormEpsilon ?? (entries.TryGetValue("norm_epsilon", out string? text) ? Number("norm_epsilon", text) : 1e-5);

    /// <summary>What a network's file says of it, for <see cref="Describe"/> to read back.</summary>
    public static Dictionary<string, string> Of(Mlp network) => new()
    {
        ["activations"] = string.Join(',', network.Layers.Select(layer => layer.Activation)),
        ["alphas"] = string.Join(',', network.Layers.Select(layer => layer.ActivationAlpha.ToString("R", CultureInfo.InvariantCulture))),
        ["pieces"] = string.Join(',', network.Layers.Select(layer => layer.Pieces.ToString(CultureInfo.InvariantCulture))),
        ["norm_epsilon"] = network.Options.NormEpsilon.ToString("R", CultureInfo.InvariantCulture),
        ["loss"] = network.Options.Loss.ToString(),
    };

    public int PiecesOf(int layer, int layers)
    {
        if (_pieces is not null) return (int)Number("pieces", Entry("pieces", _pieces, layer, layers));
        return options.Activation == Activation.Maxout && layer < layers - 1 ? options.Pieces ?? 2 : 1;
    }

    /// <summary>Sets the activations of layers.</summary>
    /// <exception cref="DataFormatException">The file does not say them, or what it says is not a valid value.</exception>
    public void Describe(IReadOnlyList<LayerParts> layers)
    {
        for (int layer = 0; layer < layers.Count; layer++)
        {
            LayerParts parts = layers[layer];
            bool last = layer == layers.Count - 1;
            parts.Activation = _activations is null ? last ? Activation.Identity : Hidden()
                : ActivationOf(Entry("activations", _activations, layer, layers.Count));
            parts.Alpha = _alphas is null ? last ? null : options.ActivationAlpha : Number("alphas", Entry("alphas", _alphas, layer, layers.Count));
            if (!last && options.Activation is { } wanted && wanted != parts.Activation)
                throw new DataFormatException(path, $"it says that the activation of layer {layer} is {parts.Activation}; {wanted} was asked for.");
        }
    }

    /// <summary>The loss: that of the file, of the options, or by the number of outputs.</summary>
    public Loss LossOf(int outputs)
    {
        Loss? said = entries.TryGetValue("loss", out string? name) ? Named<Loss>("loss", name)
            : !entries.TryGetValue("out_activation", out string? end) ? null
            : end switch
            {
                "softmax" => Loss.SoftmaxCrossEntropy,
                "logistic" => Loss.BinaryCrossEntropy,
                "identity" => Loss.MeanSquaredError,
                _ => throw new DataFormatException(path, $"its out_activation is {Printable.Quoted(end)}; it must be softmax, logistic or identity."),
            };
        if (said is not null && options.Loss is { } wanted && wanted != said)
            throw new DataFormatException(path, $"it says that the loss is {said}; {wanted} was asked for.");
        Loss loss = options.Loss ?? said ?? Losses.DefaultFor(outputs);
        if (options.Loss is null && said is null) _notes.Add(Losses.Note(loss));
        return loss;
    }

    private Activation Hidden() => entries.TryGetValue("activation", out string? name) ? ActivationOf(name)
        : options.Activation ?? throw new DataFormatException(path,
            "it does not say which activation its hidden layers have, as files of weights alone do not: name it (--activation).");

    private Activation ActivationOf(string name) => s_others.TryGetValue(name, out Activation other) ? other : Named<Activation>("activations", name);

    private T Named<T>(string entry, string name) where T : struct, Enum =>
        Enum.TryParse(name, ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(name[0]) ? value
            : throw new DataFormatException(path, $"its {entry} has {Printable.Quoted(name)}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");

    private double Number(string entry, string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and < int.MaxValue
        && (entry != "pieces" || (value >= 1 && value == Math.Floor(value))) ? value
        : throw new DataFormatException(path, $"its {entry} has {Printable.Quoted(text)}, which is not a valid value.");

    private string Entry(string name, string[] list, int layer, int layers) => list.Length == layers ? list[layer]
        : throw new DataFormatException(path, $"its {name} is a list of {list.Length}; there are {layers} layers.");

    private static string[]? List(IReadOnlyDictionary<string, string> entries, string name) => entries.TryGetValue(name, out string? text) ? text.Split(',') : null;
}
