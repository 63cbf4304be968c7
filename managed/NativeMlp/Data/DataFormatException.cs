// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>A file does not follow its format. The message is one sentence that names the file, the place in it and what is wrong.
/// Text from the file and its name are shown escaped and shortened.</summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with it and where, as the rest of a sentence.</param>
    /// <param name="inner">What was caught, if anything.</param>
    public DataFormatException(string path, string problem, Exception? inner = null)
        : base($"{Printable.Path(path)}: {Printable.Text(problem, Printable.MessageLength)}", inner)
    {
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }
}
