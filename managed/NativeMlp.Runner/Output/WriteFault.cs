// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Output;

/// <summary>The exceptions that a failed write ends in.</summary>
internal static class WriteFault
{
    // What the framework makes of EFBIG, as if the caller had set a length.
    private static bool IsTooLarge(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };

    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    public static string Reason(Exception exception) =>
        IsTooLarge(exception) ? "the file would become larger than the system allows (ulimit -f)." : Failure.Reason(exception);
}
