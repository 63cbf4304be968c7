// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Output;

/// <summary>An error that the user can fix: a message and an exit code.</summary>
internal sealed class RunnerException(int exitCode, string sentence, Exception? cause = null)
    : Exception(sentence, cause)
{
    public int ExitCode { get; } = exitCode;

    public static RunnerException Usage(string sentence) => new(ExitCodes.Usage, sentence);

    public static RunnerException BadData(string sentence, Exception? cause = null) => new(ExitCodes.Data, sentence, cause);
}
