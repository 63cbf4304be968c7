// SPDX-License-Identifier: MIT
using System.Text;
using System.Text.RegularExpressions;

namespace NativeMlp.Runner.Settings;

/// <summary>The command line of this program, for the commands that it suggests. They can be pasted into a shell.</summary>
internal static partial class Invocation
{
    private const string Project = "managed/NativeMlp.Runner";
    private const string Tool = "nativemlp";

    /// <summary>How the program was started: the installed command, a path, or `dotnet run` in the source tree.</summary>
    public static string Program { get; } = Describe(Environment.ProcessPath, Environment.GetCommandLineArgs()[0]);

    /// <summary>Returns " --data-dir DIR", or an empty text if no folder was named.</summary>
    public static string DataDir(string? folder) => folder is null ? "" : $" {Setting.DataDir.Option} {Quote(folder)}";

    /// <summary>Quotes the text as one word for the shell of the operating system.</summary>
    public static string Quote(string text)
    {
        if (PlainWord().IsMatch(text))
            return text;
        if (OperatingSystem.IsWindows())
            return $"\"{text}\"";
        return IsVisible(text)
            ? $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'"
            : $"$'{string.Concat(text.EnumerateRunes().Select(rune => Escape(rune.ToString())))}'";
    }

    /// <param name="process">The running executable.</param>
    /// <param name="assembly">The program, if the executable is `dotnet`.</param>
    public static string Describe(string? process, string assembly)
    {
        if (process is null)
            return Tool;
        string name = Path.GetFileNameWithoutExtension(process);
        if (name.Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            return $"dotnet {Quote(Path.GetFullPath(assembly))}";
        if (IsBuiltHere(process))
            return $"dotnet run --project {Project} -c Release --";
        return name == Tool && FindOnPath(Path.GetFileName(process)) == process ? Tool : Quote(process);
    }

    private static bool IsBuiltHere(string process)
    {
        if (!Directory.Exists(Project)) // also false if the current folder no longer exists
            return false;
        string binaries = Path.GetFullPath(Path.Combine(Project, "bin")) + Path.DirectorySeparatorChar;
        return process.StartsWith(binaries, StringComparison.Ordinal);
    }

    private static string? FindOnPath(string file) => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .Where(folder => Path.IsPathFullyQualified(folder)).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static bool IsVisible(string text) => Printable.Text(text, int.MaxValue) == text;

    private static string Escape(string character) => character is "'" or "\\" ? @"\" + character : IsVisible(character) ? character
        : string.Concat(Encoding.UTF8.GetBytes(character).Select(unit => $@"\x{unit:x2}"));

    [GeneratedRegex(@"^[\p{L}\p{Nd}_@%+=:,./-]+\z")]
    private static partial Regex PlainWord();
}
