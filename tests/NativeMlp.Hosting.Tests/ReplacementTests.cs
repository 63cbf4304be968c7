// SPDX-License-Identifier: MIT
using System.Collections.Concurrent;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;
using NativeMlp.Tests.Tables;

namespace NativeMlp.Hosting.Tests;

/// <summary>A model file that is replaced while the model answers.</summary>
public sealed class ReplacementTests
{
    private const int Replacements = 12;

    [Fact]
    public void File_ReplacedWhileThreadsPredict_EachAnswerIsOfOneVersion()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("model.safetensors");
        double[][][] expected = [.. Enumerable.Range(0, Replacements + 1).Select(seed => AnswersOf(folder, (ulong)seed))];
        ModelSamples.SaveTable(file, seed: 0);
        using Serving serving = new(file);
        ServedPredictor<Person> predictor = serving.Model.CreatePredictor(Person.Mapping);
        using CancellationTokenSource stop = new();
        ConcurrentBag<string> wrong = [];
        ConcurrentDictionary<int, bool> answered = [];
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            double[] values = new double[2];
            for (int i = t; !stop.IsCancellationRequested; i = (i + 1) % ModelSamples.People.Length)
            {
                using ModelLease lease = serving.Model.Acquire();
                predictor.For(lease.Version).Predict(ModelSamples.People[i], values);
                answered.TryAdd(lease.Version.Number, true);
                if (!values.AsSpan().SequenceEqual(expected[lease.Version.Number - 1][i])) wrong.Add($"row {i} of version {lease.Version.Number}");
            }
        }))];

        foreach (Thread thread in threads) thread.Start();
        for (int seed = 1; seed <= Replacements; seed++)
        {
            ModelSamples.SaveTable(file, (ulong)seed);
            serving.WaitForVersion(seed + 1);
        }

        SpinWait.SpinUntil(() => answered.ContainsKey(Replacements + 1), TimeSpan.FromMinutes(5));
        stop.Cancel();
        foreach (Thread thread in threads) thread.Join();
        Assert.Empty(wrong);
        Assert.Equal(Enumerable.Range(1, Replacements + 1), answered.Keys.Order());
        Assert.Empty(serving.Log.Warnings);
    }

    [Fact]
    public void Lease_OfAVersionThatWasReplaced_AnswersUntilItEnds()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("model.safetensors");
        ModelSamples.SaveTable(file, seed: 1);
        double[] first = ModelSamples.Answers(file)[3], values = new double[2];
        using Serving serving = new(file);
        ModelLease lease = serving.Model.Acquire();
        ServedPredictor<Person> predictor = serving.Model.CreatePredictor(Person.Mapping);

        ModelSamples.SaveTable(file, seed: 2);
        serving.WaitForVersion(2);

        predictor.For(lease.Version).Predict(ModelSamples.People[3], values);
        Assert.Equal(first, values);
        predictor.Predict(ModelSamples.People[3], values);
        Assert.Equal(ModelSamples.Answers(file)[3], values);
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Version.Table!.Predict(new double[4], values));
    }

    [Theory]
    [InlineData("half")]
    [InlineData("changed")]
    [InlineData("text")]
    [InlineData("missing")]
    public void File_ReplacedByABrokenOne_IsRefusedAndTheNextGoodOneTaken(string how)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("model.safetensors");
        ModelSamples.SaveTable(file, seed: 1);
        double[] values = new double[2], expected = ModelSamples.Answers(file)[3];
        using Serving serving = new(file);
        byte[] good = File.ReadAllBytes(file);

        Break(file, good, how);
        serving.WaitForRefusal(file);
        serving.Model.Predict(ModelSamples.People[3].ToDictionary(), values);
        Assert.Equal(expected, values);
        Assert.Equal(1, serving.Model.VersionNumber);
        Assert.Contains("; version 1 is still being served. ", Assert.Single(serving.Log.Warnings), StringComparison.Ordinal);

        ModelSamples.SaveTable(file, seed: 2);
        serving.WaitForVersion(2);
        serving.Model.Predict(ModelSamples.People[3].ToDictionary(), values);
        Assert.Equal(ModelSamples.Answers(file)[3], values);
    }

    /// <summary>As a copying program writes it: piece by piece into the file that is there.</summary>
    [Fact]
    public void File_WrittenInPlace_IsTakenWhenItIsWhole()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("model.safetensors");
        ModelSamples.SaveTable(file, seed: 2);
        byte[] next = File.ReadAllBytes(file);
        double[] values = new double[2], expected = ModelSamples.Answers(file)[3];
        ModelSamples.SaveTable(file, seed: 1);
        using Serving serving = new(file);

        using (FileStream writing = new(file, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            foreach (byte[] piece in next.Chunk((next.Length / 20) + 1))
            {
                writing.Write(piece);
                writing.Flush();
                serving.Model.Predict(ModelSamples.People[3].ToDictionary(), values);
            }
        }

        serving.WaitForVersion(2);
        serving.Model.Predict(ModelSamples.People[3].ToDictionary(), values);
        Assert.Equal(expected, values);
        Assert.Equal(2, serving.Model.VersionNumber);
    }

    [Fact]
    public void File_ThatAnswersAnotherQuestion_IsRefused()
    {
        using TemporaryFolder folder = new();
        string table = folder.File("table.safetensors"), network = folder.File("network.safetensors");
        ModelSamples.SaveTable(table, seed: 1);
        ModelSamples.SaveNetwork(network, seed: 1);
        using Serving tables = new(table), networks = new(network);

        using (TableModel numbers = ModelSamples.TableWithoutDates()) numbers.Save(table);
        tables.WaitForRefusal("its column 'since' is a number, but the old model's is a date");
        using (TableModel narrow = ModelSamples.NarrowTable()) narrow.Save(table);
        tables.WaitForRefusal("its columns are 'age', 'job', 'member', but the old model's are 'age', 'job', 'member', 'since'");
        ModelSamples.SaveNetwork(table, seed: 1);
        tables.WaitForRefusal("it is a network without columns");
        ModelSamples.SaveNetwork(network, seed: 1, inputs: 4);
        networks.WaitForRefusal("it has 4 inputs, but the old model has 3");
        ModelSamples.SaveNetwork(network, seed: 1, loss: Loss.MulticlassHinge);
        networks.WaitForRefusal("its loss is MulticlassHinge, but the old model's is SoftmaxCrossEntropy");
        ModelSamples.SaveTable(network, seed: 1);
        networks.WaitForRefusal("it is a model of a table");
        Assert.Equal((1, 1), (tables.Model.VersionNumber, networks.Model.VersionNumber));
    }

    [Fact]
    public void File_ThatAnotherProgramHolds_IsTakenWhenItIsFree()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("model.safetensors");
        ModelSamples.SaveTable(file, seed: 2);
        byte[] next = File.ReadAllBytes(file);
        ModelSamples.SaveTable(file, seed: 1);
        using Serving serving = new(file);
        using (FileStream writing = new(file, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            writing.Write(next);
            writing.Flush();
            serving.WaitForRefusal("will be tried again; version 1 is still being served. ");
        }

        serving.WaitForVersion(2);
    }

    [Fact]
    public void Link_ThatLeadsToItself_DoesNotEndTheWatching()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "symbolic links need a privilege there");
        using TemporaryFolder folder = new();
        string file = folder.File("model.safetensors"), link = folder.File("link");
        ModelSamples.SaveTable(file, seed: 1);
        using Serving serving = new(file);
        File.CreateSymbolicLink(link, file);
        File.Move(link, file, overwrite: true);
        serving.WaitForRefusal("version 1 is still being served. ");
        ModelSamples.SaveTable(folder.File("next.safetensors"), seed: 2);
        File.Move(folder.File("next.safetensors"), file, overwrite: true);
        serving.WaitForVersion(2);
    }

    [Fact]
    public void Dispose_Twice_DoesNothing()
    {
        using TemporaryFolder folder = new();
        ModelSamples.SaveTable(folder.File("model.safetensors"), seed: 1);
        using Serving serving = new(folder.File("model.safetensors"));
        serving.Model.Dispose();
        serving.Model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => serving.Model.Acquire());
    }

    [Fact]
    public void Link_ThatLeadsToAnotherFile_IsFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "symbolic links need a privilege there");
        using TemporaryFolder folder = new();
        string link = folder.File("model.safetensors"), next = folder.File("next");
        ModelSamples.SaveTable(folder.File("a.safetensors"), seed: 1);
        File.Copy(folder.File("a.safetensors"), folder.File("b.safetensors"));
        File.SetLastWriteTimeUtc(folder.File("b.safetensors"), File.GetLastWriteTimeUtc(folder.File("a.safetensors")));
        File.CreateSymbolicLink(link, folder.File("a.safetensors"));
        using Serving serving = new(link);
        File.CreateSymbolicLink(next, folder.File("b.safetensors"));
        File.Move(next, link, overwrite: true);
        serving.WaitForVersion(2);
    }

    private static double[][] AnswersOf(TemporaryFolder folder, ulong seed)
    {
        string file = folder.File("expected.safetensors");
        ModelSamples.SaveTable(file, seed);
        return ModelSamples.Answers(file);
    }

    private static void Break(string file, byte[] good, string how)
    {
        byte[] changed = [.. good];
        changed[^5] ^= 1;
        switch (how)
        {
            case "half": File.WriteAllBytes(file, good[..(good.Length / 2)]); break;
            case "changed": File.WriteAllBytes(file, changed); break;
            case "text": File.WriteAllText(file, "no model"); break;
            default: File.Delete(file); break;
        }
    }
}
