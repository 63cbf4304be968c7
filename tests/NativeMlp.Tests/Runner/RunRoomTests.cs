// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.State;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Runner;

/// <summary>How much room on a disk a run asks for before its first step.</summary>
public sealed class RunRoomTests
{
    private const long Slack = 1 << 14; // settings, and places in headers

    /// <summary>A file of 100 bytes takes the place of one of 60: there are 100 more while both exist, then 40 more.</summary>
    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(100, 100, 60)]
    [InlineData(100, 100, 60, 30, 0)]
    [InlineData(130, 100, 0, 30, 0)]
    [InlineData(200, 100, 0, 100, 100)] // the first, and the second time
    [InlineData(400, 100, 0, 100, 0, 100, 0, 100, 100)] // the last state, two that are kept, and one that is written
    [InlineData(10, 10, 500, 400, 0)] // what is replaced first makes room
    public void MostAtOnce_OfFilesThatAreReplaced_CountsBothOfEachWhileBothExist(int most, params int[] files) =>
        Assert.Equal(most, RunRoom.MostAtOnce([.. files.Chunk(2).Select(pair => ((long)pair[0], (long)pair[1]))]));

    /// <summary>The estimate against the files that the same networks are saved as.</summary>
    [Theory]
    [InlineData("sgd", false, 1, Norm.None)]
    [InlineData("adam", true, 1, Norm.Batch)]
    [InlineData("amsgrad", true, 3, Norm.Layer)]
    public void Of_ARun_IsTheSizeOfItsFiles(string optimizer, bool stops, int networks, Norm norm)
    {
        using var folder = new TemporaryFolder();
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [300, 100], Outputs = 2, Norm = norm, MaxBatch = 20 });
        TrainingSession session = SessionOf(mlp, optimizer, stops);
        while (session.Status is null)
            session.Step(); // moments and the best parameters are there after it
        TrainingState state = session.Capture();
        TrainingStateFile.Save(new RunState([.. Enumerable.Repeat(state, networks)], new Dictionary<string, string>()), folder.File("state"));
        Checkpoint.Save(mlp, folder.File("model"));
        RunRoom room = RunRoom.Of(session, networks, new RunSize { SavesMoments = true }, new RunChoices());
        AssertJustAbove(new FileInfo(folder.File("state")).Length, room.State, networks);
        AssertJustAbove(new FileInfo(folder.File("model")).Length * networks, room.Model, networks);
        AssertJustAbove(sizeof(float) * mlp.ParameterCount * networks, RunRoom.Of(session, networks, new RunSize(), new RunChoices()).Model, networks);
    }

    [Theory]
    [InlineData(1, null, null, 0)]
    [InlineData(1, 5, null, 0)]
    [InlineData(1, 5, 3, 6)] // the steps end it in the second epoch
    [InlineData(4, 5, 3, 0)]
    public void Of_ARun_CountsTheLinesOfAllPartsAndTheKeptStates(int parts, int? every, int? keep, long steps)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2, MaxBatch = 20 });
        TrainingSession session = SessionOf(mlp, "sgd", stops: false, steps);
        RunRoom room = RunRoom.Of(session, 2, new RunSize { Parts = parts }, new RunChoices { LogEvery = every, Keep = keep });
        long epochs = steps == 0 ? 10 : 2, lines = every is null ? 0 : (steps == 0 ? 50 : steps) / every.Value; // 100 rows, 20 a step
        Assert.Equal(((epochs * 320) + (lines * 160)) * 2 * parts, room.Metrics);
        Assert.Equal(keep ?? 0, room.Kept);
    }

    /// <summary>A fold has fewer rows than the whole table, and may have narrower networks than the model itself.</summary>
    [Fact]
    public void Of_Folds_AsksForTheWidestNetworks()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2, MaxBatch = 20 });
        TrainingSession session = SessionOf(mlp, "sgd", stops: false);
        long narrow = RunRoom.Of(session, 1, new RunSize(), new RunChoices()).Model;
        long wide = RunRoom.Of(session, 1, new RunSize { Parts = 3, Hidden = [16, 2] }, new RunChoices()).Model;
        Assert.Equal(4 * ((3 * 16) + (17 * 2) + (3 * 2) - ((3 * 8) + (9 * 2))), wide - narrow);
    }

    /// <summary>What an earlier run has left is removed or replaced: it is room that the new one has already.</summary>
    [Fact]
    public void NeededIn_AFolderWithARun_CountsWhatIsRemovedAndWhatIsReplaced()
    {
        using var place = new TemporaryFolder();
        using RunFolder folder = RunFolder.Claim(place.File("run"), "moons");
        RunRoom room = new(State: 1_000_000, Model: 300_000, Metrics: 50_000, Test: 0, Kept: 2);
        long empty = room.NeededIn(folder, resumes: false);
        AssertJustAbove(50_000 + (1 << 19) + 4_000_000, empty); // metrics and page, the last state, two kept and the one that is written

        place.Write("run/last.safetensors", new byte[1_000_000]);
        place.Write("run/state-7.safetensors", new byte[1_000_000]);
        place.Write("run/metrics.jsonl", new byte[20_000]);
        Assert.Equal(empty - 2_020_000, room.NeededIn(folder, resumes: false)); // removed before the first step
        Assert.Equal(empty - 2_000_000 - 20_000, room.NeededIn(folder, resumes: true)); // one by one, at last the same

        place.Write("run/best.safetensors", new byte[300_000]);
        Assert.Equal(empty - 2_020_000, room.NeededIn(folder, resumes: false)); // it is there until the end, when there is no state to write
    }

    private static void AssertJustAbove(long bytes, long estimate, int networks = 1) => Assert.InRange(estimate, bytes, bytes + (Slack * networks));

    private static TrainingSession SessionOf(Mlp mlp, string optimizer, bool stops, long steps = 0)
    {
        Dataset rows = Synthetic.Moons(100, seed: 1);
        return new TrainingSession(mlp, rows, new TrainingOptions
        {
            BatchSize = 20,
            MaxSteps = steps,
            EarlyStopping = stops ? new EarlyStopping(3) : null,
            Optimizer = optimizer == "sgd" ? Optimizer.Sgd(0.1) : Optimizer.Adam(amsGrad: optimizer == "amsgrad"),
        }, stops ? rows : null);
    }
}
