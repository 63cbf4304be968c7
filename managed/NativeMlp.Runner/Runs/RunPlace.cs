// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Runs;

/// <summary>The run that --resume names, and the state in its folder to go on from.</summary>
internal sealed record RunPlace(string Folder, string State)
{
    /// <summary>The run of a folder, from its last state, or from the state that is named.</summary>
    public static RunPlace Of(string text)
    {
        bool isState = File.Exists(text) && !Directory.Exists(text);
        string folder = isState ? Path.GetDirectoryName(text) is { Length: > 0 } parent ? parent : "." : text;
        return new RunPlace(folder, isState ? text : Path.Combine(folder, RunFolder.Last));
    }
}
