// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Packages;

/// <summary>The samples as a user runs them who has the packages and no sources: in a folder of their own.</summary>
[Collection(nameof(Packing))]
[Trait("Starts", "Processes")]
public sealed class SampleTests(PackedFeed feed)
{
    [Theory]
    [InlineData("first-model", "", @"^Trained 100 epochs, 2000 steps\.\n9\d\.\d ?% of new points right\n\(0\.5, 0\.1\) belongs to moon [01]")]
    [InlineData("own-csv", "wine.csv label", @"^178 rows, 13 columns to learn from, task Multiclass\n(100|9\d)\.\d ?% of the test rows right\na row of which nothing is known: [012]\n")]
    [InlineData("custom-loop", "", @"^epoch   1: loss .*\n(.*\n)*Interrupted in epoch \d+ .*\nby hand: loss 0\.\d+, 9\d\.\d ?% of the test points\n")]
    [InlineData("weights-picture", "digits.csv", @"^9\d\.\d ?% of the test pictures right\nwrote weights\.pgm\n")]
    [InlineData("tensor-spans", "", @"^loss 0\.\d+ after 2000 steps\ngreatest difference 0\.\d+\n0 bytes allocated for eight rows\n")]
    [InlineData("pytorch-in", "", @"Mlp 4-16-3: probabilities 0\.\d+, 0\.\d+, 0\.\d+ for a row of zeros\n")]
    public void Sample_InAFolderOfItsOwn_Runs(string name, string arguments, string expected)
    {
        using TemporaryFolder folder = new();
        feed.CopySample(name, folder);
        foreach (string data in new[] { "wine.csv", "digits.csv" }) File.Copy(Repository.PathOf("tests", "data", "tabular", data), folder.File(data));
        CommandResult result = feed.RunSample(folder, name, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches(expected, result.Output);
    }

    /// <summary>It fetches ONNX Runtime: NMLP_TEST_HEAVY=1 runs it.</summary>
    [Fact]
    public void OnnxSample_InAFolderOfItsOwn_AgreesWithOnnxRuntime()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("NMLP_TEST_HEAVY") == "1", "NMLP_TEST_HEAVY=1 runs it");
        using TemporaryFolder folder = new();
        feed.CopySample("onnx", folder);
        CommandResult result = feed.RunSample(folder, "onnx").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches(@"^100 rows, greatest difference of a probability \d\.\dE-00[6-9]\nimported Mlp 2-64-2: class [01] for the first row\n", result.Output);
    }

    [Fact]
    public void Picture_OfTheWeights_IsAGraymapOfTenDigits()
    {
        using TemporaryFolder folder = new();
        feed.CopySample("weights-picture", folder);
        File.Copy(Repository.PathOf("tests", "data", "tabular", "digits.csv"), folder.File("digits.csv"));
        Assert.Equal(0, feed.RunSample(folder, "weights-picture", "digits.csv").Run().ExitCode);
        byte[] picture = File.ReadAllBytes(folder.File("weights.pgm"));
        Assert.Equal("P5\n1440 128\n255\n"u8.ToArray(), picture[..16]);
        Assert.Equal(16 + (1440 * 128), picture.Length);
        Assert.Equal(0, Math.Min(255 - picture[16..].Max(), picture[16..].Min())); // the greatest weight is black or white
    }

    [Theory]
    [InlineData("own-csv", "none.csv label", 3, "none.csv")]
    [InlineData("own-csv", "", 2, "usage: dotnet run own-csv.cs -- FILE COLUMN")]
    public void Sample_WithBadWords_SaysWhatIsWrong(string name, string arguments, int exitCode, string words)
    {
        using TemporaryFolder folder = new();
        feed.CopySample(name, folder);
        CommandResult result = feed.RunSample(folder, name, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Template_InAnEmptyFolder_MakesAProgramThatRuns()
    {
        using TemporaryFolder folder = new();
        feed.Configure(folder.Path);
        Command Here(params string[] arguments) => feed.Sdk(folder, arguments);
        Here("new", "install", "NativeMlp.Templates@" + PackedFeed.Version, "--add-source", feed.Path).RunSdk();
        Here("new", "nativemlp", "-o", folder.File("Plants")).RunSdk();
        CommandResult result = Here("run", "--project", folder.File("Plants")).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches(@"^\d\d ?% of the test rows right\nThe plant is of the species montana \(probability 0\.\d\d\)\.\n$", result.Output);
        Assert.Equal(["Plants.csproj", "Program.cs", "bin", "obj", "plants.csv"],
            Directory.GetFileSystemEntries(folder.File("Plants")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }
}
