// SPDX-License-Identifier: MIT
using System.IO.Compression;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>The model of a table and its answers are the same bytes on every instruction set, with every number of threads, in
/// every culture and with the columns in another order, as whole programs.</summary>
[Trait("Starts", "Processes")]
public sealed class TableSameBitsTests
{
    private const int Rows = 2000;
    private const string Adult = "data/tabular/adult.csv.gz";

    private static readonly string[] s_cultures = ["C", "de_DE.UTF-8", "tr_TR.UTF-8"];

    [Fact]
    public void Train_OfTheFirstRowsOfAdult_GivesTheAgreedBytes()
    {
        using var folder = new TemporaryFolder();
        string[] lines = ReadAdult(folder);
        File.WriteAllLines(folder.File("plain.csv"), lines);
        File.WriteAllLines(folder.File("turned.csv"), lines.Select(line => string.Join(',', line.Split(',').Reverse())));
        string runtime = WithCultures(folder);
        var found = new Dictionary<string, (string Model, string Answers)>();
        foreach ((int number, string isa) in InstructionSets.Words.Index())
        {
            foreach (int threads in new[] { 1, 2, 3 })
            {
                string culture = s_cultures[(threads + number) % 3], table = threads == 2 ? "turned.csv" : "plain.csv";
                found[$"{isa}, {threads} threads, {culture}, {table}"] = Hashes(folder, runtime, table, ("NMLP_ISA", isa), ("LC_ALL", culture), ("NMLP_THREADS", $"{threads}"));
            }
        }

        Assert.True(found.Values.Distinct().Count() == 1, string.Join('\n', found));
        (string model, string answers) = found.Values.First();
        string name = SharedTables.Expected(Adult, "adult", "adult-stand-in");
        Assert.Multiple(() => AgreedHashes.Check($"{name}.safetensors", model), () => AgreedHashes.Check($"{name}.csv", answers));
    }

    private static (string Model, string Answers) Hashes(TemporaryFolder folder, string runtime, string table, params (string Name, string Value)[] environment)
    {
        string run = folder.File("run"), answers = folder.File("answers.csv");
        File.Delete(answers);
        Start("train", folder.File(table), "--label", "label", "--test", "0", "--epochs", "2", "--out", run, "--overwrite");
        Start("predict", run, folder.File(table), "--out", answers);
        return (Hash(Path.Combine(run, "best.safetensors")), Hash(answers));

        void Start(params string[] arguments)
        {
            var command = new Command("dotnet", ["exec", "--runtimeconfig", runtime, Path.Combine(AppContext.BaseDirectory, "NativeMlp.Runner.dll"), .. arguments]);
            foreach ((string name, string value) in environment) command.With(name, value);
            CommandResult result = command.Run();
            Assert.True(result.ExitCode == 0, result.ToString());
        }
    }

    private static string Hash(string file) => AgreedHashes.Compute(File.ReadAllBytes(file));

    private static string[] ReadAdult(TemporaryFolder folder)
    {
        using var content = new GZipStream(File.OpenRead(SharedTables.PathOf(Adult, folder)), CompressionMode.Decompress);
        using var reader = new StreamReader(content);
        return [.. Enumerable.Range(0, 1 + Rows).Select(_ => reader.ReadLine()!)];
    }

    // The program itself knows no cultures; one that hosts the library may. Where their data are not installed, nothing is lost.
    private static string WithCultures(TemporaryFolder folder)
    {
        string config = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "NativeMlp.Runner.runtimeconfig.json"));
        const string Invariant = "\"System.Globalization.Invariant\": ";
        Assert.Contains(Invariant + "true", config, StringComparison.Ordinal);
        bool hasCultures = OperatingSystem.IsLinux() && Directory.EnumerateFiles("/usr/lib", "libicuuc.so.*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }).Any();
        File.WriteAllText(folder.File("cultures.json"), hasCultures ? config.Replace(Invariant + "true", Invariant + "false", StringComparison.Ordinal) : config);
        return folder.File("cultures.json");
    }
}
