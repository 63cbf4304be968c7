// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Metrics;

/// <summary>Stored scores and labels, and what scikit-learn's metrics are of them: see <c>tests/data/metrics</c>.</summary>
internal sealed class MetricsCase
{
    private const double Tolerance = 1e-9;
    private static readonly JsonElement File = JsonDocument.Parse(System.IO.File.ReadAllBytes(TestFiles.PathOf("metrics", "expected.json"))).RootElement;
    private readonly JsonElement _entry;

    private MetricsCase(JsonElement entry) => _entry = entry;

    public double[] Scores => Numbers("scores");

    public double[] Values => Numbers("labels");

    public int[] Labels => Array.ConvertAll(Numbers("labels"), value => (int)value);

    public bool[] Truth => Array.ConvertAll(Numbers("labels"), value => value != 0);

    /// <summary>The weights of the rows; empty where there are none.</summary>
    public double[] Weights => Numbers("weights");

    /// <summary>The predicted classes; empty where the scores decide.</summary>
    public int[] Predicted => Array.ConvertAll(Numbers("predicted"), value => (int)value);

    public JsonElement Expected => _entry.GetProperty("expected");

    public static TheoryData<string> Names(string kind) => [.. Entries(kind).Select(entry => entry.GetProperty("name").GetString()!)];

    public static MetricsCase Find(string kind, string name) => new(Entries(kind).Single(entry => entry.GetProperty("name").GetString() == name));

    public int Number(string name) => _entry.GetProperty(name).GetInt32();

    /// <summary>The member of <paramref name="expected"/> is <paramref name="actual"/>, or both are null.</summary>
    public static void AssertEqual(JsonElement expected, string name, double? actual)
    {
        JsonElement value = expected.GetProperty(name);
        if (value.ValueKind == JsonValueKind.Null)
            Assert.True(actual is null, $"{name} is {actual}, not null");
        else
            Assert.True(Math.Abs(value.GetDouble() - actual ?? double.NaN) <= Tolerance * Math.Max(1, Math.Abs(value.GetDouble())), $"{name} is {actual}, not {value.GetDouble()}");
    }

    private static JsonElement.ArrayEnumerator Entries(string kind) => File.GetProperty(kind).EnumerateArray();

    private double[] Numbers(string name) => _entry.GetProperty(name) is { ValueKind: JsonValueKind.Array } values
        ? [.. values.EnumerateArray().Select(value => value.GetDouble())] : [];
}
