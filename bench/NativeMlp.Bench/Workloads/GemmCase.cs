// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Workloads;

/// <summary>The three products of a layer, named by what is transposed.</summary>
internal enum GemmOperation
{
    /// <summary><c>Y = X·W</c>.</summary>
    NN,

    /// <summary><c>dW = Xᵀ·dY</c>.</summary>
    TN,

    /// <summary><c>dX = dY·Wᵀ</c>.</summary>
    NT,
}

/// <summary>A product of a layer with <paramref name="Inputs"/> and <paramref name="Outputs"/> on
/// <paramref name="Batch"/> rows.</summary>
internal sealed record GemmCase(int Batch, int Inputs, int Outputs, GemmOperation Operation)
{
    private static readonly (int Batch, int Inputs, int Outputs)[] Layers =
    [
        (200, 3072, 50), (128, 784, 256), (256, 3072, 512), (64, 512, 512), (32, 64, 32),
        (1, 784, 256), (1024, 1024, 1024), (128, 256, 10), (4096, 784, 256),
    ];

    public static IReadOnlyList<GemmCase> All { get; } =
    [
        .. from layer in Layers
           from operation in Enum.GetValues<GemmOperation>()
           select new GemmCase(layer.Batch, layer.Inputs, layer.Outputs, operation),
    ];

    /// <summary>Those that take a millisecond or more: what is reached here is the kernel's own speed.</summary>
    public static IEnumerable<GemmCase> Large => All.Where(product => product.Flops > 5e8);

    public static GemmCase Named(string name) => All.Single(product => product.Name == name);

    public string Name => $"{Batch},{Inputs},{Outputs} {Operation}";

    public bool TransposeA => Operation == GemmOperation.TN;

    public bool TransposeB => Operation == GemmOperation.NT;

    public int M { get; } = Operation == GemmOperation.TN ? Inputs : Batch;

    public int N { get; } = Operation == GemmOperation.NT ? Inputs : Outputs;

    public int K { get; } = Operation switch
    {
        GemmOperation.NN => Inputs,
        GemmOperation.TN => Batch,
        _ => Outputs,
    };

    public double Flops => 2.0 * M * N * K;

    /// <summary>From one row and from one column of <c>op(A)</c> to the next.</summary>
    public (int Row, int Column) StridesA => TransposeA ? (1, M) : (K, 1);

    /// <summary>From one row and from one column of <c>op(B)</c> to the next.</summary>
    public (int Row, int Column) StridesB => TransposeB ? (1, K) : (N, 1);
}
