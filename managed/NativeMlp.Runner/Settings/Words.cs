// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;
using NativeMlp.Training;

namespace NativeMlp.Runner.Settings;

/// <summary>The words on the command line for the values of an enumeration: their names in lower case, with the parts of a name
/// separated by hyphens.</summary>
internal static partial class Words
{
    /// <summary>The words that differ from the name. Scripts use them, so they never change.</summary>
    private static readonly Dictionary<Enum, string> Exceptions = new()
    {
        [Initialization.LeCunNormal] = "lecun-normal",
        [Loss.SoftmaxCrossEntropy] = "softmax",
        [Loss.BinaryCrossEntropy] = "bce",
        [Loss.MeanSquaredError] = "mse",
        [Loss.MulticlassHinge] = "hinge",
        [OptimizerKind.AdaGrad] = "adagrad",
        [OptimizerKind.RmsProp] = "rmsprop",
        [OptimizerKind.AdamW] = "adamw",
        [BatchSampling.WithReplacement] = "replacement",
        [AnswerFormat.JsonLines] = "jsonl",
        [Precision.BFloat16] = "bf16",
    };

    /// <summary>Returns the words of all values, in the order of the values.</summary>
    public static string[] All<T>() where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    public static string Of<T>(T value) where T : struct, Enum =>
        Exceptions.GetValueOrDefault(value) ?? StartOfPart().Replace(value.ToString(), "-").ToLowerInvariant();

    /// <summary>Returns the words of some values for a sentence, such as "momentum, nesterov or rmsprop".</summary>
    public static string AnyOf<T>(IEnumerable<T> values) where T : struct, Enum =>
        values.Select(Of).ToArray() is [.. { Length: > 0 } others, var last] ? $"{string.Join(", ", others)} or {last}" : string.Concat(values.Select(Of));

    /// <summary>Returns the activation of the hidden layers, such as "gelu" or "maxout of 3".</summary>
    public static string ActivationOf(MlpOptions network) =>
        Of(network.Activation) + (network.Activation.TakesPieces() ? $" of {network.Pieces}" : "");

    /// <summary>Returns what follows the number of parameters: ", bf16 weights", or nothing for float32.</summary>
    public static string SuffixOf(Precision precision) => precision == Precision.Float32 ? "" : $", {Of(precision)} weights";

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex StartOfPart();
}
