// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>Tables of the folder "shared". Where one is absent, another takes its place, so that no test is skipped for it.</summary>
internal static class SharedTables
{
    /// <summary>The path of a table, such as <c>data/tabular/adult.csv.gz</c>: in "shared"; otherwise among the files of the tests;
    /// otherwise of the generated table that stands in for it, which is written into the folder.</summary>
    public static string PathOf(string name, TemporaryFolder folder) => SharedFolder.Find(name) ?? OfTests(name) ?? StandIn(name, folder);

    /// <summary>What a test expects of a table: of the one in "shared", or of the one that stands in for it.</summary>
    public static T Expected<T>(string name, T real, T standIn) => SharedFolder.Find(name) is null ? standIn : real;

    private static string? OfTests(string name) =>
        Repository.Root is { } root && Path.Combine([root, "tests", .. name.Split('/')]) is var path && File.Exists(path) ? path : null;

    private static string StandIn(string name, TemporaryFolder folder)
    {
        string path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        StandIns.Write(name, path);
        return path;
    }
}
