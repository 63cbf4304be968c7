// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Peers;

/// <summary>A peer that may not be there: it is made only in the process that measures it.</summary>
/// <param name="Key">One word, for command lines.</param>
/// <param name="Name">The name in tables.</param>
/// <param name="About">What it is, in one sentence.</param>
/// <param name="Parallel">Whether it can use more than one thread.</param>
/// <param name="KernelsOnly">Plain C# that does single kernels: far from the others and steady, so one round tells enough.</param>
/// <param name="Create">Makes it, or throws the reason why it cannot be used.</param>
internal sealed record PeerEntry(string Key, string Name, string About, bool Parallel, bool KernelsOnly, Func<IPeer> Create);

/// <summary>All that is compared; the order is that of the tables.</summary>
internal static class PeerList
{
#if TORCH_PEER
    private static readonly Func<IPeer> CreateTorch = () => new TorchPeer();
#else
    private static readonly Func<IPeer> CreateTorch = () =>
        throw new PeerMissingException("not in this build; `-p:TorchPeer=true` after `dotnet run` adds it and fetches some 500 MB");
#endif

#if ONNX_PEER
    private static readonly Func<IPeer> CreateOnnx = () => new OnnxPeer();
#else
    private static readonly Func<IPeer> CreateOnnx = () =>
        throw new PeerMissingException("not in this build; `-p:OnnxPeer=true` after `dotnet run` adds it and fetches some 160 MB");
#endif

    public static PeerEntry Own { get; } = new("native-mlp", "NativeMlp",
        "this library, through its public C# API",
        Parallel: true, KernelsOnly: false, () => new NativeMlpPeer());

    public static PeerEntry Reference { get; } = new("reference", "readable loops",
        "the Reference network of this library: double-precision C# written to be read, not the best that C# can do",
        Parallel: false, KernelsOnly: false, () => new ReferencePeer());

    public static PeerEntry Loops { get; } = new("loops", "C# loops",
        "float loops as the formula is written",
        Parallel: false, KernelsOnly: true, () => new LoopsPeer());

    public static PeerEntry Vector { get; } = new("vector", "C# vector kernel",
        "a register tile of Vector512 or Vector256 in C#, operands read where they lie",
        Parallel: true, KernelsOnly: true, () => new VectorPeer());

    public static PeerEntry Tensors { get; } = new("tensors", "TensorPrimitives",
        "System.Numerics.Tensors, one call a row",
        Parallel: true, KernelsOnly: true, () => new TensorsPeer());

    public static PeerEntry MathNet { get; } = new("mathnet", "MathNet",
        "MathNet.Numerics with its managed provider",
        Parallel: true, KernelsOnly: true, () => new MathNetPeer());

    public static PeerEntry Torch { get; } = new("torch", "TorchSharp",
        "TorchSharp-cpu, tensors kept between calls",
        Parallel: true, KernelsOnly: false, CreateTorch);

    public static PeerEntry Onnx { get; } = new("onnx", "ONNX Runtime",
        "Microsoft.ML.OnnxRuntime, input and output buffers kept between calls",
        Parallel: true, KernelsOnly: false, CreateOnnx);

    public static IReadOnlyList<PeerEntry> All { get; } =
        [Own, Reference, Loops, Vector, Tensors, MathNet, Torch, Onnx];

    public static IEnumerable<PeerEntry> Others => All.Where(peer => peer != Own);

    public static PeerEntry WithKey(string key) => All.Single(peer => peer.Key == key);
}
