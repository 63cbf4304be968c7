// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Documents;

/// <summary>Tests that change what the whole process shares: they run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>The README's first program, as it stands there; it writes to the console and the current folder.</summary>
[Collection(nameof(Alone))]
public sealed class ReadmeTests
{
    [Fact]
    public void FirstProgram_OfTheReadme_RunsAsItStands()
    {
        using var folder = new TemporaryFolder();
        Environment.CurrentDirectory = folder.Path;
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);

        Dataset train = Synthetic.Moons(1000, seed: 1), test = Synthetic.Moons(1000, seed: 2);
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [64], Outputs = 2, MaxBatch = 50 });

#pragma warning disable xUnit1051 // as it stands there, without a token
        TrainingResult result = Trainer.Train(mlp, train, new TrainingOptions
        {
            Epochs = 100,
            BatchSize = 50,
            Optimizer = Optimizer.Adam(1e-2),
        });
#pragma warning restore xUnit1051

        Console.WriteLine($"{result.Status}: {mlp.Evaluate(test.AsBatch()).Accuracy:P1} of new points right");
        Checkpoint.Save(mlp, "moons.safetensors");

        Console.SetOut(console);
        Assert.Matches(@"^Completed: 9\d\.\d ?% of new points right", output.ToString());
        Assert.True(File.Exists(folder.File("moons.safetensors")));
        Environment.CurrentDirectory = AppContext.BaseDirectory;
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("managed/NativeMlp/PACKAGE.md")]
    public void FirstProgram_OfTheReadme_IsTheOneTestedHere(string file)
    {
        string[] here = [.. Lines(Repository.PathOf("tests", "NativeMlp.Tests", "Documents", "ReadmeTests.cs")), "using NativeMlp;"]; // the namespace of this file lies in it
        string program = File.ReadAllText(Repository.PathOf(file)).Split("```csharp")[1].Split("```")[0];
        Assert.All(program.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), line => Assert.Contains(line, here));
    }

    private static string[] Lines(string file) => [.. File.ReadLines(file).Select(line => line.Trim())];
}
