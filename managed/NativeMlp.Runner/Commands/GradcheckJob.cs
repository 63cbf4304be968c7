// SPDX-License-Identifier: MIT
using System.Globalization;
using Microsoft.Extensions.Options;
using NativeMlp.Reference;
using NativeMlp.Runner.Hosting;
using NativeMlp.Runner.Views;

namespace NativeMlp.Runner.Commands;

/// <summary>
/// Checks gradients twice on a small network, that of the course unless the settings describe another: the double-precision reference against central
/// differences of its own loss, and the native float32 gradients against the reference.
/// </summary>
internal sealed class GradcheckJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    public const double NumericLimit = 1e-8;
    public const double NativeLimit = 1e-5; // float32: some 80 epsilons of the tensor's largest gradient
    private const int Rows = 5;
    private const int Inputs = 4;
    private const int Classes = 3;
    private const double L2 = 0.05;
    private static readonly int[] Labels = [0, 1, 2, 2, 1];

    private readonly RunnerSettings _settings = settings.Value;

    public int Run(CancellationToken stop)
    {
        ulong seed = _settings.Seed ?? 1;
        double l2 = _settings.L2 ?? L2;
        float[] x = new float[Rows * Inputs];
        Kernels.RandomNormal(seed, 1, x);
        MlpOptions options = TrainingPlan.NetworkOf(_settings, new RunnerSettings(), _settings.Hidden ?? [10]) with
        {
            Inputs = Inputs,
            Outputs = Classes,
            MaxBatch = Rows,
            Seed = seed,
        };
        using Mlp mlp = new(options);
        IReadOnlyList<GradientCheckRow> numeric = GradientCheck.Numeric(
            ReferenceNetwork.FromMlp(mlp), GradientCheck.ToDoubles(x, Rows), Labels, l2, GradientCheck.Masks(mlp, Rows));
        IReadOnlyList<GradientCheckRow> native = GradientCheck.Native(mlp, x, Labels, l2);

        if (mode.Json)
            WriteJson(numeric, native);
        else
            Show(Terminal.Create(), Describe(options, l2), numeric, native);
        return Passed(numeric, native) ? ExitCodes.Done
            : Failure.Report(ExitCodes.Unexpected, "The gradient check failed.");
    }

    // A NaN is below no limit; a tensor of which nothing was compared has not passed.
    private static bool Passed(GradientCheckRow numeric, GradientCheckRow native) =>
        numeric.Error < NumericLimit && native.Error < NativeLimit && numeric.Compared > 0 && native.Compared > 0;

    public static bool Passed(IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native) =>
        numeric.Zip(native).All(pair => Passed(pair.First, pair.Second));

    private static void WriteJson(IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native)
    {
        foreach ((GradientCheckRow a, GradientCheckRow b) in numeric.Zip(native))
        {
            JsonLines.Write(new GradcheckEvent("gradcheck", a.Tensor, JsonLines.Finite(a.Error), JsonLines.Finite(b.Error), Passed(a, b),
                Worst: new WorstElement(b.Row, b.Column, JsonLines.Finite(b.Expected), JsonLines.Finite(b.Actual))),
                JsonLines.Types.GradcheckEvent);
        }
        JsonLines.Write(new GradcheckResultEvent("result", "done", Passed(numeric, native), JsonLines.Finite(numeric.Max(r => r.Error)),
            NumericLimit, JsonLines.Finite(native.Max(r => r.Error)), NativeLimit), JsonLines.Types.GradcheckResultEvent);
    }

    private static string Describe(MlpOptions o, double l2)
    {
        string norm = o.Norm == Norm.None ? "" : $", {Words.Of(o.Norm)} norm", dropout = o.Dropout == 0 ? "" : $", dropout {Format.Real(o.Dropout)}";
        return $"{Format.Shape(Inputs, o.Hidden, Classes)}, {Words.ActivationOf(o)}{norm}{dropout}, loss {Words.Of(o.Loss)}, l2 {Format.Real(l2)}, {Rows} rows";
    }

    private static void Show(Terminal terminal, string network, IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native)
    {
        terminal.WriteFact("network", network);
        terminal.WriteFact("differences", $"the reference (float64) against central differences, below {Format.Error(NumericLimit)}");
        terminal.WriteFact("native", $"the native gradients (float32) against the reference, below {Format.Error(NativeLimit)}");
        terminal.WriteLine();
        ShowTable(terminal, numeric, native);
    }

    public static void ShowTable(Terminal terminal, IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native)
    {
        terminal.WriteLine("tensor                values differences    native  worst native element");
        foreach ((GradientCheckRow a, GradientCheckRow b) in numeric.Zip(native))
        {
            string left = a.Kinks == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"  ({a.Kinks} at a kink left out)");
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{a.Tensor,-21}{b.Compared,7}{Format.Error(a.Error),12}{Format.Error(b.Error),10}  {Worst(b),-20}  {(Passed(a, b) ? "ok" : "FAILED")}{left}"));
        }
    }

    // Where it is, and its value; nothing where no bit is wrong.
    private static string Worst(GradientCheckRow row) => row.Error == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"[{row.Row},{row.Column}] {Format.Real(row.Actual)}");
}
