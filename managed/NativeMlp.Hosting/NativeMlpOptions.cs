// SPDX-License-Identifier: MIT
namespace NativeMlp.Hosting;

/// <summary>Where a model comes from, and how its file is watched.</summary>
/// <remarks>The options are read when the model is loaded first; a later change of the configuration has no effect.</remarks>
public sealed class NativeMlpOptions
{
    /// <summary>The model file: of a table, or a checkpoint. Where a folder is named, such as that of a run, it is
    /// <c>best.safetensors</c> in it. Relative paths start from the current folder.</summary>
    public string Path { get; set; } = "";

    /// <summary>Whether a new file is loaded while the program runs.</summary>
    public bool Watch { get; set; } = true;

    /// <summary>How often the file is looked at; at least a millisecond.</summary>
    /// <remarks>A file counts as new when the time of its last write, its length or, of a symbolic link, its target differs. The file
    /// system is asked, not subscribed to: that works with network drives and mounted volumes, too.</remarks>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}
