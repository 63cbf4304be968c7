// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Storage;

/// <summary>The system calls of a program that change the files of a folder, as strace has recorded them.</summary>
internal sealed partial class SystemCalls
{
    private const string Traced = "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,link,linkat,close,dup,dup2,dup3";

    private readonly List<(string Name, string Arguments, int Result)> _calls = [];
    private readonly string _folder;

    private SystemCalls(string folder) => _folder = folder;

    /// <summary>Whether strace exists and may trace programs here.</summary>
    public static bool CanBeTraced { get; } = OperatingSystem.IsLinux() && new Command("bash", "-c", "strace -o /dev/null true").Run().ExitCode == 0;

    /// <summary>Runs a program.</summary>
    /// <param name="folder">The folder whose files are followed.</param>
    /// <param name="trace">A file for the trace.</param>
    /// <param name="program">The program and its arguments.</param>
    public static SystemCalls Of(string folder, string trace, params string[] program)
    {
        CommandResult result = new Command("strace", ["-f", "-xx", "-s", "100000000", "-e", "trace=" + Traced, "-o", trace, .. program]).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        SystemCalls calls = new(folder);
        Dictionary<string, string> unfinished = []; // of each thread
        foreach (string line in File.ReadLines(trace))
            calls.Add(line, unfinished);
        return calls;
    }

    /// <summary>Repeats the calls that concern a file of the folder on another disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="disk">The disk.</param>
    /// <param name="afterCall">Called after each call of the disk, with the content that a rename has just given the file; null for
    /// another call.</param>
    public void Replay(string path, RecordingDisk disk, Action<byte[]?> afterCall)
    {
        HashSet<string> sources = [path, .. Renames().Where(names => names.To == path).Select(names => names.From)];
        Dictionary<int, string> open = [];
        Dictionary<int, MemoryStream> files = [];
        Dictionary<string, MemoryStream> contents = [];
        foreach ((string name, string arguments, int result) in _calls)
        {
            int file = name == "openat" ? result : int.TryParse(arguments.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
            switch (name)
            {
                case "openat":
                    open[file] = Texts(arguments)[0];
                    if (sources.Contains(open[file]) && arguments.Contains("O_CREAT", StringComparison.Ordinal))
                        files[file] = contents[open[file]] = (MemoryStream)disk.Create(open[file], null);
                    else
                        continue;
                    break;
                case "close":
                    open.Remove(file);
                    files.Remove(file);
                    continue;
                case "pwrite64" when files.TryGetValue(file, out MemoryStream? written):
                    written.Position = int.Parse(arguments[(arguments.LastIndexOf(',') + 1)..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
                    written.Write(BytesOf(Texts(arguments, decode: false)[0]).AsSpan(0, result));
                    break;
                case "fsync" when files.TryGetValue(file, out MemoryStream? flushed):
                    disk.Flush(flushed);
                    break;
                case "fsync" when open.GetValueOrDefault(file) == _folder:
                    disk.FlushFolder(_folder);
                    break;
                case "rename" when Texts(arguments) is [var from, var to] && to == path:
                    disk.Rename(from, to);
                    afterCall(contents[from].ToArray());
                    continue;
                case "unlink" when sources.Contains(Texts(arguments)[0]):
                    disk.Delete(Texts(arguments)[0]);
                    break;
                default:
                    // Nothing else may change these files, or the replay would not be of the whole trace.
                    Assert.False(name is not ("fsync" or "rename" or "unlink") && files.ContainsKey(file), $"{name}({arguments})");
                    continue;
            }

            afterCall(null);
        }
    }

    private IEnumerable<(string From, string To)> Renames() =>
        _calls.Where(call => call.Name == "rename").Select(call => Texts(call.Arguments)).Select(names => (names[0], names[1]));

    // A call during which another thread made one is in two lines. It counts where it ended, but a close where it began, because the
    // other thread may already have opened a file with the same number.
    private void Add(string line, Dictionary<string, string> unfinished)
    {
        string thread = line[..line.IndexOf(' ', StringComparison.Ordinal)], call = line[thread.Length..].Trim();
        if (call.EndsWith("<unfinished ...>", StringComparison.Ordinal))
        {
            unfinished[thread] = call[..^"<unfinished ...>".Length].TrimEnd();
            if (!call.StartsWith("close(", StringComparison.Ordinal))
                return;
            call = unfinished[thread].TrimEnd(')') + ") = 0";
        }

        if (call.StartsWith("<... close", StringComparison.Ordinal))
            return;
        if (call.StartsWith("<... ", StringComparison.Ordinal))
            call = unfinished[thread] + call[(call.IndexOf("resumed>", StringComparison.Ordinal) + "resumed>".Length)..];
        if (Call().Match(call) is { Success: true } match && int.TryParse(match.Groups[3].Value, CultureInfo.InvariantCulture, out int result) && result >= 0)
            _calls.Add((match.Groups[1].Value, match.Groups[2].Value, result));
    }

    private static string[] Texts(string arguments, bool decode = true) =>
        [.. Text().Matches(arguments).Select(match => decode ? Encoding.UTF8.GetString(BytesOf(match.Groups[1].Value)) : match.Groups[1].Value)];

    // \x2f\x74...
    private static byte[] BytesOf(string text) => Convert.FromHexString(text.Replace("\\x", "", StringComparison.Ordinal));

    [GeneratedRegex(@"^(\w+)\((.*)\) += (-?\d+)", RegexOptions.Singleline)]
    private static partial Regex Call();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Text();
}
