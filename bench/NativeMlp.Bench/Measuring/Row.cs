// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Measuring;

/// <summary>One measured figure, as a child process prints it: a line of JSON.</summary>
/// <param name="Section">What kind of work; see <see cref="Sections"/>.</param>
/// <param name="Case">Which of it.</param>
/// <param name="Value">Seconds of one call unless the section says otherwise.</param>
/// <param name="Disturbed">The machine was busy with something else.</param>
/// <param name="Error">Why there is no value; null if there is one.</param>
internal sealed record Row(string Section, string Case, double Value, bool Disturbed = false, string? Error = null);

/// <summary>The sections of rows and the names of their cases.</summary>
internal static class Sections
{
    /// <summary>The peer itself: one row with an error if it cannot be used.</summary>
    public const string Peer = "peer";

    /// <summary>FMA peak in FLOP/s, barrier in seconds, passes over memory in seconds.</summary>
    public const string Machine = "machine";

    public const string Step = "step";
    public const string Data = "data";
    public const string Predict = "predict";
    public const string Gemm = "gemm";

    /// <summary>All steps of all networks, in seconds.</summary>
    public const string Callers = "callers";

    /// <summary>Calls in seconds, allocation in bytes.</summary>
    public const string Interop = "interop";

    /// <summary>A process from start to end, in seconds.</summary>
    public const string Start = "start";

    public const string Peak = "FMA peak";
    public const string Barrier = "barrier";
    public const string Epoch = "epoch";
    public const string BarePInvoke = "P/Invoke of nmlp_abi_version";
    public const string Property = "NativeLibraryInfo.AbiVersion";
    public const string SmallKernel = "Kernels.Relu of one float";
    public const string BytesPerStep = "managed bytes of a step";

    public static string Read(int mebibytes) => $"read {mebibytes} MiB";

    public static string Update(string network) => $"update {network}";

    public static string Optimizer(string network, OptimizerKind kind) => $"{network} {kind}";

    public static string Gathered(string network, bool bytes) => $"{network} {(bytes ? "bytes" : "floats")}";

    public static string InTurn(string network) => $"{network} one after the other";

    public static string AtOnce(string network) => $"{network} at once";

    public static string Rows(string network, int rows) => $"{network} {rows}";
}
