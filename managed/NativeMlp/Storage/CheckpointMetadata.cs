// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;

namespace NativeMlp.Storage;

/// <summary>Reads and checks the metadata of a checkpoint.</summary>
internal sealed class CheckpointMetadata(string path, IReadOnlyDictionary<string, string> entries)
{
    public string Text(string name, string absent) => entries.GetValueOrDefault(name, absent);

    public void MustSay(string name, string expected)
    {
        if (Required(name) != expected)
            throw Bad(name, expected);
    }

    public int Integer(string name, int least) => Integer(name, Required(name), least);

    public IReadOnlyList<int> Integers(string name)
    {
        string text = Required(name);
        return text.Length == 0 ? [] : [.. text.Split(',').Select(part => Integer(name, part, 1))];
    }

    public T Named<T>(string name)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(Required(name), StringComparer.Ordinal)
            ? Enum.Parse<T>(Required(name)) : throw Bad(name, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>Adds the options of each layer and the loss to the sizes.</summary>
    public MlpOptions Described(MlpOptions sizes, float[] classWeights)
    {
        int layers = sizes.Hidden.Count + 1;
        string[] activations = Each("activations", layers), alphas = Each("alphas", layers), norms = Each("norms", layers), dropouts = Each("dropouts", layers);
        string[]? pieces = entries.ContainsKey("pieces") ? Each("pieces", layers) : null; // an older file: 1 each
        var described = new LayerOptions[layers];
        for (int l = 0; l < layers; l++)
        {
            Activation activation = NameOf<Activation>("activations", activations[l]);
            described[l] = new LayerOptions
            {
                Activation = activation,
                Pieces = PiecesOf(pieces?[l] ?? "1", activation, l < layers - 1 ? sizes.Hidden[l] : sizes.Outputs),
                ActivationAlpha = NumberOf("alphas", alphas[l], value => value >= 0 && float.IsFinite((float)value), "finite and at least 0"),
                Norm = NameOf<Norm>("norms", norms[l]),
                Dropout = NumberOf("dropouts", dropouts[l], value => value is >= 0 and < 1, "at least 0 and less than 1"),
            };
        }

        return sizes with
        {
            Layers = described,
            NormEpsilon = NumberOf("norm_epsilon", Required("norm_epsilon"), value => value is > 0 and <= 1, "greater than 0 and at most 1"),
            NormMomentum = NumberOf("norm_momentum", Required("norm_momentum"), value => (float)value is > 0 and <= 1, "greater than 0 and at most 1"),
            LabelSmoothing = Fraction("label_smoothing"),
            LossDelta = NumberOf("loss_delta", Required("loss_delta"), value => value > 0 && float.IsFinite((float)value), "finite and greater than 0"),
            ClassWeights = Array.TrueForAll(classWeights, weight => weight >= 0)
                ? classWeights : throw new DataFormatException(path, "a class weight is negative."),
            Seed = Number<ulong>("dropout_seed"),
        };
    }

    private int PiecesOf(string text, Activation activation, int outputs)
    {
        bool maxout = activation.TakesPieces();
        int pieces = Integer("pieces", text, maxout ? 2 : 1);
        bool fits = maxout ? (long)pieces * outputs <= int.MaxValue : pieces == 1;
        return fits ? pieces : throw Bad("pieces", "1 for what is no Maxout, else few enough to be counted with the outputs");
    }

    private string[] Each(string name, int layers)
    {
        string[] parts = Required(name).Split(',');
        return parts.Length == layers ? parts : throw Bad(name, $"a list of {layers}, one for each layer");
    }

    private T NameOf<T>(string name, string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.Ordinal) ? Enum.Parse<T>(text) : throw Bad(name, $"one of {string.Join(", ", Enum.GetNames<T>())} for each layer");

    private double NumberOf(string name, string text, Func<double, bool> allowed, string range) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && allowed(value) ? value : throw Bad(name, range);

    public OptimizerState OptimizerState() => new(
        Named<OptimizerKind>("optimizer"), Steps(), Fraction("beta1_power"), Fraction("beta2_power"));

    private ulong Steps()
    {
        ulong steps = Number<ulong>("steps");
        return steps <= long.MaxValue ? steps : throw Bad("steps", "less than 2^63");
    }

    public CheckpointInfo Info(float[] mean)
    {
        float scale = Number<float>("scale");
        return new CheckpointInfo
        {
            DataSet = Text("dataset", ""),
            Mean = mean,
            Scale = float.IsFinite(scale) ? scale : throw Bad("scale", "a finite number"),
            PixelOrder = entries.ContainsKey("pixel_order") ? Named<PixelOrder>("pixel_order") : PixelOrder.Unstated,
            Seed = Number<ulong>("seed"),
            Epochs = Integer("epochs", 0),
        };
    }

    private int Integer(string name, string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least ? value : throw Bad(name, $"an integer from {least}");

    private double Fraction(string name)
    {
        double value = Number<double>(name);
        return value is >= 0 and <= 1 ? value : throw Bad(name, "between 0 and 1");
    }

    private T Number<T>(string name)
        where T : ISpanParsable<T> =>
        T.TryParse(Required(name), CultureInfo.InvariantCulture, out T? value) ? value : throw Bad(name, "a number");

    private string Required(string name) =>
        entries.TryGetValue(name, out string? text) ? text : throw new DataFormatException(path, $"its metadata lack '{name}'.");

    private DataFormatException Bad(string name, string expected) =>
        new(path, $"its metadata say {name}={Printable.Quoted(Text(name, ""))}; it must be {expected}.");
}
