// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>The exception for a file with an invalid format. The message names the file, the position in it and the problem.
/// Text from the file and its name are escaped and shortened.</summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">The problem and its position, as the rest of a sentence.</param>
    /// <param name="inner">The inner exception, or null.</param>
    public DataFormatException(string path, string problem, Exception? inner = null)
        : base($"{Printable.Path(path)}: {Printable.Text(problem, Printable.MessageLength)}", inner)
    {
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }
}
