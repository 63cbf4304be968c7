// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;

namespace NativeMlp.Bench.Peers;

/// <summary>A peer cannot be used in this build or on this machine.</summary>
internal sealed partial class PeerMissingException(string message) : Exception(message)
{
    /// <summary>The first line of what went wrong at the bottom, without the folders of this machine.</summary>
    public static string Reason(Exception exception)
    {
        Exception bottom = exception.GetBaseException();
        return bottom is DllNotFoundException ? LoaderWords(bottom.Message) : Reason(bottom.Message);
    }

    /// <inheritdoc cref="Reason(Exception)"/>
    public static string Reason(string message) => Folder().Replace(message.Split('\n')[0].Trim(), "");

    // .NET gives advice in the first line, then what the loader said of each place where it looked; where there was a file
    // stands the cause.
    private static string LoaderWords(string message) =>
        Reason(message.Split('\n').Skip(1).FirstOrDefault(line => !line.Contains("No such file", StringComparison.Ordinal)) ?? message);

    [GeneratedRegex(@"(?<![\w.])([A-Za-z]:)?[\\/][^\s'""()]*[\\/]")]
    private static partial Regex Folder();
}
