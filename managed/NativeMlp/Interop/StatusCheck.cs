// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using static System.FormattableString;

namespace NativeMlp.Interop;

/// <summary>The second line of defence: arguments are checked before a call, and what the library still refuses
/// becomes an exception here.</summary>
internal static class StatusCheck
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ThrowIfFailed(int status, string function)
    {
        if (status != (int)NativeStatus.Ok) ThrowFailed(status, function);
    }

    [DoesNotReturn, StackTraceHidden]
    private static void ThrowFailed(int status, string function)
    {
        string message = Invariant($"{function}: {NativeText.Status(status)} (status {status}).");
        throw (NativeStatus)status switch
        {
            NativeStatus.InvalidArgument => new ArgumentException(message),
            NativeStatus.OutOfMemory => new InsufficientMemoryException(message),
            NativeStatus.UnsupportedIsa => new PlatformNotSupportedException(message),
            NativeStatus.Unsupported => new NotSupportedException(message),
            NativeStatus.IndexRange or NativeStatus.LabelRange => new ArgumentOutOfRangeException(null, message),
            NativeStatus.Busy => new InvalidOperationException(
                "The network is in use by another thread: it takes one caller at a time, except predictions and evaluations among themselves."),
            NativeStatus.Frozen => new InvalidOperationException(
                "The network is frozen: it can predict and evaluate, but has no memory for training. Train the network that it was made from."),
            _ => new InvalidOperationException(message),
        };
    }
}
