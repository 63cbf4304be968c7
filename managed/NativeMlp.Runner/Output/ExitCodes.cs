// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Output;

/// <summary>The exit codes of the process. Other programs rely on these numbers.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int Data = 3;
    public const int NativeLibrary = 4;
    public const int Diverged = 5;
    public const int Different = 6;
    public const int OutputFailed = 7;
    public const int HungUp = 129;
    public const int Interrupted = 130;
}
