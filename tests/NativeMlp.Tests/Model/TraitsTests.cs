// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests;

/// <summary>What the assembly knows about optimizers, activations and losses is what the native library's own lists say.</summary>
public sealed partial class TraitsTests
{
    [Fact]
    public void Of_EachOptimizer_KeepsTheMomentsOfTheList()
    {
        Match[] lines = Lines("optimizers.def", "OPTIMIZER");
        Assert.Equal(lines.Length, Enum.GetValues<OptimizerKind>().Length);
        foreach ((OptimizerKind kind, Match line) in Enum.GetValues<OptimizerKind>().Zip(lines))
        {
            OptimizerTraits traits = OptimizerTraits.Of(kind);
            Assert.Equal(Name(kind), line.Groups[2].Value);
            Assert.Equal(kind, traits.Defaults.Kind);
            traits.Defaults.Validate();
            string[] words = Words(line);
            Assert.Equal((words[2] == "1", words[3] == "1"), (traits.HasFirstMoment, traits.HasSecondMoment));
        }
    }

    [Fact]
    public void TakesTargets_EachLoss_IsWhatTheListSays()
    {
        Match[] lines = Lines("losses.def", "LOSS");
        Assert.Equal(lines.Length, Enum.GetValues<Loss>().Length);
        foreach ((Loss loss, Match line) in Enum.GetValues<Loss>().Zip(lines))
            Assert.Equal((Name(loss), loss.TakesTargets()), (line.Groups[2].Value, Words(line)[2] == "TARGETS"));
    }

    [Fact]
    public void TakesPieces_EachActivation_IsWhatTheListSays()
    {
        Match[] lines = Lines("activations.def", "ACTIVATION(?:_OF_SUMS)?");
        Assert.Equal(lines.Length, Enum.GetValues<Activation>().Length);
        foreach ((Activation activation, Match line) in Enum.GetValues<Activation>().Zip(lines))
            Assert.Equal((Name(activation), activation.TakesPieces()), (line.Groups[2].Value, line.Groups[1].Value.EndsWith("_OF_SUMS", StringComparison.Ordinal)));
    }

    // The lines of a list, each with its macro, its value and its other words.
    private static Match[] Lines(string file, string macro)
    {
        string path = Directory.GetFiles(Repository.PathOf("native", "src"), file, SearchOption.AllDirectories).Single();
        return Regex.Matches(File.ReadAllText(path), $@"^({macro})\(([A-Z_0-9]+)([^)]*)\)", RegexOptions.Multiline).ToArray();
    }

    private static string[] Words(Match line) => [line.Groups[2].Value, .. line.Groups[3].Value.Split(',', StringSplitOptions.TrimEntries)[1..]];

    // RMSPROP and LEAKY_RELU differ in how they take words apart; their letters are the same.
    private static string Name<T>(T value) where T : struct, Enum
    {
        string parts = StartOfPart().Replace(value.ToString(), "_").ToUpperInvariant();
        return parts is "ADA_GRAD" or "RMS_PROP" or "ADAM_W" ? parts.Replace("_", "", StringComparison.Ordinal) : parts;
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex StartOfPart();
}
