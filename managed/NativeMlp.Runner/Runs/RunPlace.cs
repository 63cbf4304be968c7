// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Runs;

/// <summary>The run that --resume names, and the state that it resumes from.</summary>
internal sealed record RunPlace(string Folder, string State)
{
    /// <summary>The run in a folder with its last state, or the run of the named state file.</summary>
    public static RunPlace Of(string text)
    {
        bool isState = File.Exists(text) && !Directory.Exists(text);
        string folder = isState ? Path.GetDirectoryName(text) is { Length: > 0 } parent ? parent : "." : text;
        return new RunPlace(folder, isState ? text : Path.Combine(folder, RunFolder.Last));
    }
}
