// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>
/// Runs that are killed with SIGKILL at random moments, several times in a row, and resumed: each ends with the bytes of a run that
/// was never stopped, without a file left behind. A few in the suite; <c>NATIVEMLP_KILLS=100</c> kills so many runs, on adult and
/// Fashion-MNIST too, on spirals with every optimizer and schedule.
/// </summary>
[Trait("Starts", "Processes")]
public sealed class KillTests
{
    private const string Variable = "NATIVEMLP_KILLS";
    private const int RunsOfTheSuite = 4;
    private const int MostKills = 4;

    private static readonly string[] s_optimizers = ["sgd", "momentum", "nesterov", "adam", "adamw --amsgrad", "adagrad", "rmsprop --centered"];

    private static readonly string[] s_schedules =
    [
        "", "--lr-decay 0.97", "--schedule step --lr-step 3 --warm-up 30", "--schedule cosine --warm-up 20", "--schedule one-cycle",
        "--schedule plateau --lr-step 1 --lr-decay 0.7 --validation 0.2",
    ];

    [Fact]
    public void Run_KilledAtRandomMomentsAndResumed_EndsWithTheSameBytes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the runs are killed as POSIX does");
        int runs = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : RunsOfTheSuite;
        string[] cases = [.. runs <= RunsOfTheSuite ? OfTheSuite() : All()];
        using var folder = new TemporaryFolder();
        Dictionary<string, (string Folder, TimeSpan Time)> whole = [];
        int kills = 0;
        for (int run = 0; run < runs; run++)
        {
            string line = cases[run % cases.Length];
            if (!whole.TryGetValue(line, out (string Folder, TimeSpan Time) reference))
                whole[line] = reference = Whole(line, folder.File($"whole-{run}"));
            string killed = folder.File($"killed-{run}");
            kills += Killed(line, killed, reference.Time, new Random(run));
            Compare(reference.Folder, killed, line);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{runs} runs, {kills} kills");
    }

    private static IEnumerable<string> OfTheSuite()
    {
        yield return "--data spirals --epochs 150 --hidden 32,16 --norm batch --dropout 0.2 --optimizer adamw --schedule cosine --checkpoint-every 40 --log-every 25";
        yield return $"{TestFiles.PathOf("tabular", "iris.csv")} --label label --ensemble 3 --epochs 150 --batch 8 --hidden 16 --checkpoint-every epoch";
        yield return "--data spirals --epochs 200 --validation 0.2 --early-stopping 150 --schedule plateau --lr-step 2 --warm-up 9 --draw replacement --optimizer rmsprop --keep 3 --checkpoint-every epoch";
        yield return $"{TestFiles.PathOf("tabular", "diabetes.csv")} --label target --folds 3 --ensemble 2 --epochs 40 --hidden 32 --checkpoint-every 10 --log-every 50";
    }

    private static IEnumerable<string> All()
    {
        foreach (string line in OfTheSuite()) yield return line;
        string data = SharedFolder.PathOf("data");
        yield return $"{Path.Combine(data, "tabular", "adult.csv.gz")} --label label --test {Path.Combine(data, "tabular", "adult_test.csv.gz")} --epochs 3 --checkpoint-every 30";
        yield return $"--data fashion-mnist --data-dir {data} --hidden 64 --epochs 3 --checkpoint-every epoch";
        yield return $"--data fashion-mnist --data-dir {data} --hidden 64 --epochs 2 --validation 0.1 --early-stopping 1 --checkpoint-every 1s --keep 2";
        foreach (string optimizer in s_optimizers)
        {
            foreach (string schedule in s_schedules)
                yield return $"--data spirals --epochs 120 --hidden 24 --dropout 0.1 --lr 0.01 --optimizer {optimizer} {schedule} --checkpoint-every 25".Replace("  ", " ", StringComparison.Ordinal);
        }
    }

    private static (string Folder, TimeSpan Time) Whole(string line, string folder)
    {
        Stopwatch watch = Stopwatch.StartNew();
        CommandResult result = Command.Runner(["train", .. line.Split(' '), "--out", folder]).Run();
        Assert.True(result.ExitCode == 0, $"{line}: {result}");
        return (folder, watch.Elapsed);
    }

    private static int Killed(string line, string folder, TimeSpan time, Random random)
    {
        int kills = 0;
        for (; kills < random.Next(1, MostKills + 1); kills++)
        {
            using Process process = Start(Next(line, folder));
            if (!process.WaitForExit(TimeSpan.FromSeconds(random.NextDouble() * time.TotalSeconds)))
                process.Kill();
            process.WaitForExit();
            Assert.True(process.ExitCode is 0 or 137, $"{line}: exit code {process.ExitCode}");
        }

        CommandResult last = Command.Runner(Next(line, folder)).Run();
        Assert.True(last.ExitCode == 0, $"{line}: {last}");
        return kills;
    }

    // What was killed before it had written its settings begins again.
    private static string[] Next(string line, string folder) => File.Exists(Path.Combine(folder, "config.json"))
        ? ["train", "--resume", folder] : ["train", .. line.Split(' '), "--out", folder];

    private static Process Start(string[] arguments) => Process.Start(new ProcessStartInfo("bash",
        ["-c", "exec dotnet \"$@\" >/dev/null 2>&1", "bash", Path.Combine(AppContext.BaseDirectory, "NativeMlp.Runner.dll"), .. arguments]))!;

    private static void Compare(string whole, string killed, string line)
    {
        Assert.Equal(Names(whole, line), Names(killed, line));
        foreach (string name in RunFiles.WithoutTimes(whole))
            Assert.True(File.ReadAllBytes(Path.Combine(whole, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(killed, name))), $"{line}: {name}");
        // The networks of an ensemble train at the same time: their lines come in any order.
        string[] expected = [.. Lines(whole).Order(StringComparer.Ordinal)], actual = [.. Lines(killed).Order(StringComparer.Ordinal)];
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{line}:\n{string.Join('\n', expected.Except(actual).Take(5))}\n{string.Join('\n', actual.Except(expected).Take(5))}\n{expected.Length} and {actual.Length} lines");
    }

    // Which states --keep kept depends on when they were captured.
    private static string[] Names(string folder, string line)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        string[] others = [.. names.Where(name => !name.StartsWith("state-", StringComparison.Ordinal))];
        Assert.Equal(line.Contains("--folds", StringComparison.Ordinal) ? RunFiles.Interrupted : RunFiles.Finished, others); // folds leave no test rows
        Assert.True(names.Length == others.Length || line.Contains("--keep", StringComparison.Ordinal), string.Join(", ", names));
        return others;
    }

    // All but the times.
    private static IEnumerable<string> Lines(string folder) => File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Select(line =>
    {
        JsonObject e = JsonNode.Parse(line)!.AsObject();
        foreach (string name in (string[])["seconds", "rows_per_second", "checkpoint", "model", "run"]) e.Remove(name);
        return e.ToJsonString();
    });
}
