// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Settings;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>Where models go: short names, one for each run, decided before training.</summary>
[Trait("Starts", "Processes")]
public sealed class ModelPlaceTests
{
    [Fact]
    public void Train_WithEightyLayers_SavesAModelThatIsReadAgain()
    {
        using var folder = new TemporaryFolder();
        string model = Train(folder, "--hidden", string.Join(',', Enumerable.Repeat(16, 80)));
        Assert.Matches(@"^xor-[0-9a-f]{8}\.safetensors$", Path.GetFileName(model));
        CommandResult evaluated = Command.Runner("evaluate", "--model", model, "--data", "xor").Run();
        Assert.True(evaluated.ExitCode == 0, evaluated.ToString());
    }

    [Fact]
    public void Train_WithTheSameSettings_OverwritesNothing()
    {
        using var folder = new TemporaryFolder();
        string first = Train(folder);
        byte[] content = File.ReadAllBytes(first);
        string second = Train(folder), third = Train(folder), other = Train(folder, "--lr", "0.02");
        Assert.Equal([Numbered(first, 2), Numbered(first, 3)], [second, third]);
        Assert.Equal(content, File.ReadAllBytes(first));
        Assert.DoesNotContain(Path.GetFileNameWithoutExtension(first), other, StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetFileSystemEntries(folder.Path).Length); // hidden files included
    }

    [Fact]
    public void Train_ManyAtOnce_LeavesAWholeModelEach()
    {
        using var folder = new TemporaryFolder();
        string[] models = [.. Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => Train(folder))];
        Assert.Equal(4, models.Distinct().Count());
        Assert.Equal(models.Order(), Directory.GetFileSystemEntries(folder.Path).Order());
        Assert.Single(models.Select(model => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(model)))).Distinct());
    }

    [Fact]
    public void Train_WhereAFolderHasTheName_IsRefusedBeforeTheFirstStep()
    {
        using var folder = new TemporaryFolder();
        string model = Train(folder);
        File.Delete(model);
        Directory.CreateDirectory(model);
        CommandResult result = Command.Runner("train", "--data", "xor", "--epochs", "1", "--out", folder.Path).Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Empty(result.Output);
        Assert.Contains(model, result.Error, StringComparison.Ordinal);
    }

    /// <summary>What others have put where this program writes is neither followed nor cut off.</summary>
    [Fact]
    public void Train_WherePreparedLinksLie_TouchesNoOtherFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        using var folder = new TemporaryFolder();
        string victim = folder.Write("victim", [1, 2, 3]);
        string name = Path.GetFileNameWithoutExtension(Train(folder, "--out", folder.File("first")));
        Directory.CreateDirectory(folder.File("out"));
        File.CreateSymbolicLink(folder.File($"out/{name}.safetensors"), victim);
        File.CreateSymbolicLink(folder.File($"out/.{name}-2.claim"), victim);
        File.CreateSymbolicLink(folder.File($"out/.{name}-3.claim"), folder.File("nowhere"));
        string model = Train(folder, "--out", folder.File("out"));
        Assert.EndsWith($"{name}-4.safetensors", model, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(victim));
        Assert.False(File.Exists(folder.File("nowhere")));
    }

    [Fact]
    public void Fingerprint_OfOtherSettings_IsAnother()
    {
        RunnerSettings[] all =
        [
            new() { Data = "moons" },
            new() { Data = "xor" },
            new() { Data = "moons", DataDir = "data" },
            new() { Data = "moons", Hidden = [64, 64] },
            new() { Data = "moons", Activation = Activation.Tanh },
            new() { Data = "moons", Dropout = 0.1 },
            new() { Data = "moons", Seed = 2 },
            new() { Data = "moons", Lr = 0.02 },
            new() { Data = "moons", L2 = 1e-9 },
            new() { Data = "moons", Epochs = 7 },
            new() { Data = "moons", Steps = 7 },
            new() { Data = "moons", Batch = 7 },
            new() { Data = "moons", Validation = 0.1 },
            new() { Data = "moons", EarlyStopping = 3 },
            new() { Data = "moons", Schedule = ScheduleKind.Cosine },
            new() { Data = "moons", WarmUp = 3 },
            new() { Data = "moons", Draw = NativeMlp.Training.BatchSampling.InOrder },
        ];
        string[] fingerprints = [.. all.Select(settings => ModelPlace.Fingerprint(TrainingPlan.From(settings)))];
        Assert.Equal(all.Length, fingerprints.Distinct().Count());
        Assert.All(fingerprints, text => Assert.Matches("^[0-9a-f]{8}$", text));
        Assert.Equal(fingerprints[0], ModelPlace.Fingerprint(TrainingPlan.From(new RunnerSettings { Data = "moons", Threads = 3 }))); // the same bytes come out
    }

    private static string Numbered(string path, int number) => $"{Path.ChangeExtension(path, null)}-{number}.safetensors";

    private static string Train(TemporaryFolder folder, params string[] arguments)
    {
        string[] place = arguments.Contains("--out") ? [] : ["--out", folder.Path];
        CommandResult result = Command.Runner(["train", "--data", "xor", "--epochs", "1", .. arguments, .. place, "--json"]).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        return JsonDocument.Parse(result.Lines[^1]).RootElement.GetProperty("checkpoint").GetString()!;
    }
}
