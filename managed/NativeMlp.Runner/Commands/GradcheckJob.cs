// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Reference;
using NativeMlp.Runner.Hosting;
using NativeMlp.Runner.Views;

namespace NativeMlp.Runner.Commands;

/// <summary>
/// Checks gradients twice on the course's small network: the double-precision reference against central
/// differences of its own loss, and the native float32 gradients against the reference.
/// </summary>
internal sealed class GradcheckJob(OutputMode mode) : IJob
{
    private const double NumericLimit = 1e-8;
    private const double NativeLimit = 1e-5; // float32: some 80 epsilons of the tensor's largest gradient
    private const int Rows = 5;
    private const int Inputs = 4;
    private const int Hidden = 10;
    private const int Classes = 3;
    private const ulong Seed = 1;
    private const double L2 = 0.05;
    private static readonly int[] Labels = [0, 1, 2, 2, 1];

    public int Run(CancellationToken stop)
    {
        float[] x = new float[Rows * Inputs];
        Kernels.RandomNormal(Seed, 1, x);
        using Mlp mlp = new(new MlpOptions { Inputs = Inputs, Hidden = [Hidden], Outputs = Classes, MaxBatch = Rows, Seed = Seed });
        IReadOnlyList<GradientCheckRow> numeric =
            GradientCheck.Numeric(ReferenceNetwork.FromMlp(mlp), GradientCheck.ToDoubles(x, Rows), Labels, L2);
        IReadOnlyList<GradientCheckRow> native = GradientCheck.Native(mlp, x, Labels, L2);

        if (mode.Json)
            WriteJson(numeric, native);
        else
            Show(Terminal.Create(), numeric, native);
        return Passed(numeric, native) ? ExitCodes.Done
            : Failure.Report(ExitCodes.Unexpected, "The gradient check failed.");
    }

    // A NaN is below no limit; a tensor of which nothing was compared has not passed.
    private static bool Passed(GradientCheckRow numeric, GradientCheckRow native) =>
        numeric.Error < NumericLimit && native.Error < NativeLimit && numeric.Compared > 0 && native.Compared > 0;

    private static bool Passed(IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native) =>
        numeric.Zip(native).All(pair => Passed(pair.First, pair.Second));

    private static void WriteJson(IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native)
    {
        foreach ((GradientCheckRow a, GradientCheckRow b) in numeric.Zip(native))
        {
            JsonLines.Write(new GradcheckEvent("gradcheck", a.Tensor, JsonLines.Finite(a.Error), JsonLines.Finite(b.Error), Passed(a, b)),
                JsonLines.Types.GradcheckEvent);
        }
        JsonLines.Write(new GradcheckResultEvent("result", "done", Passed(numeric, native), JsonLines.Finite(numeric.Max(r => r.Error)),
            NumericLimit, JsonLines.Finite(native.Max(r => r.Error)), NativeLimit), JsonLines.Types.GradcheckResultEvent);
    }

    private static void Show(Terminal terminal, IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native)
    {
        terminal.WriteFact("network", $"{Format.Shape(Inputs, [Hidden], Classes)}, ReLU, softmax cross-entropy, l2 {Format.Real(L2)}, {Rows} rows");
        terminal.WriteFact("differences", $"the reference (float64) against central differences, below {Format.Error(NumericLimit)}");
        terminal.WriteFact("native", $"the native gradients (float32) against the reference, below {Format.Error(NativeLimit)}");
        terminal.WriteLine();
        terminal.WriteLine("tensor             values   differences        native");
        foreach ((GradientCheckRow a, GradientCheckRow b) in numeric.Zip(native))
        {
            string left = a.Kinks == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"  ({a.Kinks} at a kink of ReLU left out)");
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{a.Tensor,-16}{b.Compared,9}{Format.Error(a.Error),14}{Format.Error(b.Error),14}  {(Passed(a, b) ? "ok" : "FAILED")}{left}"));
        }
    }
}
