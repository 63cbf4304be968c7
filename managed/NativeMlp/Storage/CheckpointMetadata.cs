// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;

namespace NativeMlp.Storage;

/// <summary>Reads a checkpoint's metadata, each entry doubted.</summary>
internal sealed class CheckpointMetadata(string path, IReadOnlyDictionary<string, string> entries)
{
    public string Text(string name, string absent) => entries.GetValueOrDefault(name, absent);

    public void MustSay(string name, string expected)
    {
        if (Required(name) != expected)
        {
            throw Bad(name, expected);
        }
    }

    public int Integer(string name, int least) => Integer(name, Required(name), least);

    public IReadOnlyList<int> Integers(string name)
    {
        string text = Required(name);
        return text.Length == 0 ? [] : [.. text.Split(',').Select(part => Integer(name, part, 1))];
    }

    public T Named<T>(string name)
        where T : struct, Enum =>
        Enum.TryParse(Required(name), out T value) && Enum.IsDefined(value) ? value : throw Bad(name, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    public OptimizerProgress Progress() => new(
        Named<OptimizerKind>("optimizer"), Number<ulong>("steps"), Fraction("beta1_power"), Fraction("beta2_power"));

    public CheckpointInfo Info(float[] mean)
    {
        float scale = Number<float>("scale");
        return new CheckpointInfo
        {
            DataSet = Text("dataset", ""),
            Mean = mean,
            Scale = float.IsFinite(scale) ? scale : throw Bad("scale", "a finite number"),
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
        new(path, $"its metadata say {name}='{entries[name]}'; it must be {expected}.");
}
