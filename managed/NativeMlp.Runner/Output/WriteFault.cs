// SPDX-License-Identifier: MIT
using NativeMlp.Storage;

namespace NativeMlp.Runner.Output;

/// <summary>The exceptions that a failed write can throw.</summary>
internal static class WriteFault
{
    // The framework turns EFBIG into this exception, as if the caller had set an invalid length.
    private static bool IsTooLarge(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };

    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    public static string Reason(Exception exception) =>
        IsTooLarge(exception) ? "the file would become larger than the system allows (ulimit -f)." : WithoutTemporary(Failure.Reason(exception));

    // The temporary file no longer exists, so its name is removed. The message already names the target file.
    private static string WithoutTemporary(string reason)
    {
        int name = reason.IndexOf(" : '", StringComparison.Ordinal);
        return name > 0 && reason.Contains(AtomicFile.Prefix, StringComparison.Ordinal) ? reason[..name] + "." : reason;
    }
}
