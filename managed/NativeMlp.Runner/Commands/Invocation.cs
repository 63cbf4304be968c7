// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Commands;

/// <summary>How this program is called, for the commands that it suggests.</summary>
internal static class Invocation
{
    private const string Project = "managed/NativeMlp.Runner";

    /// <summary>In the source tree it is `dotnet run`, elsewhere the installed command.</summary>
    public static string Program { get; } = Directory.Exists(Project)
        ? $"dotnet run --project {Project} -c Release --"
        : "nativemlp";

    /// <summary>" --data-dir DIR", or nothing where no folder was named.</summary>
    public static string DataDir(string? folder) => folder is null ? "" : $" {Hosting.Setting.DataDir.Option} {Quote(folder)}";

    public static string Quote(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
