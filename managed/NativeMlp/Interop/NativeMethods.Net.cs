// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace NativeMlp.Interop;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    public static partial int nmlp_net_create(in NativeNetOptions options, ReadOnlySpan<NativeLayer> layers,
        nuint layer_count, out NetHandle net);

    [LibraryImport(Library)]
    public static partial int nmlp_net_freeze(NetHandle net, out NetHandle frozen);

    [LibraryImport(Library)]
    public static partial int nmlp_net_freeze_as(NetHandle net, int precision, out NetHandle frozen);

    [LibraryImport(Library)]
    public static partial void nmlp_net_destroy(nint net);

    [LibraryImport(Library)]
    public static partial int nmlp_net_initialize(NetHandle net, ulong seed);

    [LibraryImport(Library)]
    public static partial int nmlp_net_train_step(NetHandle net, in NativeBatch batch,
        in NativeOptimizer optimizer, ref NativeResult result);

    [LibraryImport(Library)]
    public static partial int nmlp_net_gradient(NetHandle net, in NativeBatch batch, double l2,
        ref NativeResult result);

    [LibraryImport(Library)]
    public static partial int nmlp_net_apply(NetHandle net, in NativeOptimizer optimizer);

    [LibraryImport(Library)]
    public static partial int nmlp_net_find_nonfinite(NetHandle net, in NativeBatch batch, ref NativeFault fault);

    [LibraryImport(Library)]
    public static partial int nmlp_net_find_nonfinite_update(NetHandle net, in NativeBatch batch,
        in NativeOptimizer optimizer, ref NativeFault fault);

    [LibraryImport(Library)]
    public static partial int nmlp_net_evaluate(NetHandle net, in NativeBatch batch, int threads,
        ref NativeResult result);

    [LibraryImport(Library)]
    public static partial int nmlp_net_predict(NetHandle net, in NativeBatch batch, int output,
        Span<float> y, nuint ldy, int threads);

    [LibraryImport(Library)]
    public static partial int nmlp_net_predict_classes(NetHandle net, in NativeBatch batch, Span<int> classes, int threads);

    [LibraryImport(Library)]
    public static partial nuint nmlp_loss_classes(int loss, nuint outputs);

    [LibraryImport(Library)]
    public static partial nuint nmlp_net_parameter_count(NetHandle net);

    [LibraryImport(Library)]
    public static partial nuint nmlp_net_memory_bytes(NetHandle net);

    [LibraryImport(Library)]
    public static partial int nmlp_net_tensor_shape(NetHandle net, nuint tensor, out nuint rows, out nuint columns);

    [LibraryImport(Library)]
    public static partial int nmlp_net_read(NetHandle net, int kind, nuint tensor, Span<float> dst, nuint length);

    [LibraryImport(Library)]
    public static partial int nmlp_net_write(NetHandle net, int kind, nuint tensor, ReadOnlySpan<float> src,
        nuint length);

    [LibraryImport(Library)]
    public static partial int nmlp_net_read_block(NetHandle net, int kind, Span<float> dst, nuint length);

    [LibraryImport(Library)]
    public static partial int nmlp_net_write_block(NetHandle net, int kind, ReadOnlySpan<float> src, nuint length);

    [LibraryImport(Library)]
    public static partial int nmlp_net_holds(NetHandle net, int kind);

    [LibraryImport(Library)]
    public static partial int nmlp_net_read_optimizer_state(NetHandle net, ref NativeOptimizerState state);

    [LibraryImport(Library)]
    public static partial int nmlp_net_write_optimizer_state(NetHandle net, in NativeOptimizerState state);
}
