// SPDX-License-Identifier: MIT
using NativeMlp.Storage;

namespace NativeMlp.Runner.Output;

/// <summary>The exceptions that a failed write ends in.</summary>
internal static class WriteFault
{
    // What the framework makes of EFBIG, as if the caller had set a length.
    private static bool IsTooLarge(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };

    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    public static string Reason(Exception exception) =>
        IsTooLarge(exception) ? "the file would become larger than the system allows (ulimit -f)." : WithoutTemporary(Failure.Reason(exception));

    // The name of a temporary file, which is gone by now, helps nobody: the sentence names the file that should be there.
    private static string WithoutTemporary(string reason)
    {
        int name = reason.IndexOf(" : '", StringComparison.Ordinal);
        return name > 0 && reason.Contains(AtomicFile.Prefix, StringComparison.Ordinal) ? reason[..name] + "." : reason;
    }
}
