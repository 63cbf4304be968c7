// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Storage;

/// <summary>Replays the calls that replace a file as a disk may have done them when the power fails: any of those that were not yet
/// made durable may be lost, each block of a file on its own, and in any order. A whole old or a whole new file is left.</summary>
public sealed class PowerFailureTests
{
    private const string Target = "/disk/file";

    [Fact]
    public void Write_ThatLosesPowerAnywhere_LeavesTheOldFileOrTheNewOne()
    {
        byte[] old = Bytes(700, seed: 1), content = Bytes(2000, seed: 2);
        var disk = new RecordingDisk(Target, old);
        AtomicFile.Write(Target, file =>
        {
            file.Write(content.AsSpan(0, 900));
            file.Write(content.AsSpan(900));
            file.Position = 100; // as the hash of a model is put in
            file.Write(content.AsSpan(100, 50));
            file.Position = file.Length;
        }, disk);
        HashSet<string> seen = Replay(disk, old, content);
        Assert.Equal(["new", "old"], seen.Order());
        Assert.Equal(["new"], disk.OutcomesAt(disk.Count, state => Describe(state, old, content)).Distinct()); // once it has returned
    }

    [Fact]
    public void Save_OfAState_LosesNothingEither()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        var session = new TrainingSession(mlp, Synthetic.Moons(20, seed: 1), new TrainingOptions { BatchSize = 10 });
        session.Step();
        using var folder = new TemporaryFolder();
        TrainingStateFile.Save(session.Capture(), folder.File("state"));
        byte[] content = File.ReadAllBytes(folder.File("state")), old = Bytes(300, seed: 1);
        var disk = new RecordingDisk(Target, old);
        AtomicFile.Write(Target, file => file.Write(content), disk);
        Assert.Equal(["new", "old"], Replay(disk, old, content).Order());
    }

    /// <summary>The same for the system calls of a run that saves its state after each epoch.</summary>
    [Theory]
    [Trait("Starts", "Processes")]
    [InlineData("last.safetensors", 2)]
    [InlineData("best.safetensors", 1)]
    [InlineData("report.html", 2)]
    [InlineData("config.json", 1)]
    public void Train_WhoseSystemCallsAreReplayed_LeavesWholeFiles(string name, int atLeast)
    {
        Assert.SkipUnless(SystemCalls.CanBeTraced, "strace is not installed, or may not trace programs here");
        using var folder = new TemporaryFolder();
        string run = folder.File("run"), path = Path.Combine(run, name);
        SystemCalls calls = SystemCalls.Of(run, folder.File("trace"), "dotnet", Path.Combine(AppContext.BaseDirectory, "NativeMlp.Runner.dll"),
            "train", "--data", "spirals", "--epochs", "60", "--checkpoint-every", "epoch", "--out", run);
        var disk = new RecordingDisk(path, old: null) { Block = 1 << 14 };
        List<byte[]> versions = [];
        int durable = -1; // version; -1: no file
        calls.Replay(path, disk, version =>
        {
            if (version is not null)
                versions.Add(version);
            int[] left = [.. disk.OutcomesAt(disk.Count, content => content is null ? -1 : Number(versions, content)).Distinct()];
            Assert.All(left, number => Assert.InRange(number, durable, versions.Count - 1)); // never a part, never older than what was durable
            durable = left.Min();
        });
        Assert.InRange(versions.Count, atLeast, int.MaxValue);
        Assert.Equal(versions.Count - 1, durable);
        Assert.Equal(File.ReadAllBytes(path), versions[^1]);
    }

    /// <summary>The replay is worth something: without one of the two flushes it finds what is lost.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Replay_WithoutAFlush_FindsALoss(bool flushFile, bool flushFolder)
    {
        byte[] old = Bytes(700, seed: 1), content = Bytes(2000, seed: 2);
        var disk = new RecordingDisk(Target, old) { FlushesFiles = flushFile, FlushesFolders = flushFolder };
        AtomicFile.Write(Target, file => file.Write(content), disk);
        string[] after = [.. disk.OutcomesAt(disk.Count, state => Describe(state, old, content)).Distinct()];
        Assert.Contains(flushFile ? "old" : "part", after);
    }

    private static HashSet<string> Replay(RecordingDisk disk, byte[] old, byte[] content)
    {
        HashSet<string> seen = [];
        for (int calls = 0; calls <= disk.Count; calls++) seen.UnionWith(disk.OutcomesAt(calls, state => Describe(state, old, content)));
        return seen;
    }

    private static string Describe(byte[]? left, byte[] old, byte[] content) => left is null ? "none"
        : left.AsSpan().SequenceEqual(old) ? "old" : left.AsSpan().SequenceEqual(content) ? "new" : "part";

    // Below all versions for a part of one.
    private static int Number(List<byte[]> versions, byte[] content)
    {
        int number = versions.FindLastIndex(version => version.AsSpan().SequenceEqual(content));
        return number >= 0 ? number : int.MinValue;
    }

    private static byte[] Bytes(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
