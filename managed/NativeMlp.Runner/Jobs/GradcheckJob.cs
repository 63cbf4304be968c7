// SPDX-License-Identifier: MIT
using System.Globalization;
using Microsoft.Extensions.Options;
using NativeMlp.Reference;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs;

/// <summary>
/// Checks gradients twice on a small network, by default the network of the course: the double-precision reference against central
/// differences of its own loss, and the native float32 gradients against the reference.
/// </summary>
internal sealed class GradcheckJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    public const double NumericLimit = GradientCheck.NumericLimit;
    public const double NativeLimit = GradientCheck.NativeLimit;
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
        IReadOnlyList<int> hidden = _settings.Hidden ?? [10];
        OptionRules.Check(OptionRules.Network, new Choices(_settings, new RunnerSettings(), hidden));
        MlpOptions options = TrainingPlan.NetworkOf(_settings, new RunnerSettings(), hidden) with
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
        if (!Passed(numeric, native))
            return Failure.Report(ExitCodes.Unexpected, "The gradient check failed.");
        return IsMeaningful(numeric) ? ExitCodes.Done : Failure.Report(ExitCodes.Usage,
            "Nothing could be compared with central differences: every parameter is at a kink of the network, or the loss is too large for a small step to change it. "
            + "Choose another --init, a larger --init-std or a smaller --delta. The native gradients do agree with the reference.");
    }

    // A NaN fails, because it is not below any limit. Without a central difference there is nothing to check.
    private static bool Passed(GradientCheckRow numeric, GradientCheckRow native) =>
        (numeric.Error < NumericLimit || numeric.Compared == 0) && native.Error < NativeLimit;

    public static bool Passed(IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native) =>
        numeric.Zip(native).All(pair => Passed(pair.First, pair.Second));

    private static bool IsMeaningful(IReadOnlyList<GradientCheckRow> numeric) => numeric.Any(row => row.Compared > 0);

    private static void WriteJson(IReadOnlyList<GradientCheckRow> numeric, IReadOnlyList<GradientCheckRow> native)
    {
        foreach ((GradientCheckRow a, GradientCheckRow b) in numeric.Zip(native))
        {
            JsonLines.Write(new GradcheckEvent("gradcheck", a.Tensor, JsonLines.Finite(a.Error), JsonLines.Finite(b.Error), Passed(a, b),
                new WorstElement(b.Row, b.Column, JsonLines.Finite(b.Expected), JsonLines.Finite(b.Actual)), a.Compared, a.Kinks, a.Uncertain),
                JsonLines.Types.GradcheckEvent);
        }
        JsonLines.Write(new GradcheckResultEvent("result", IsMeaningful(numeric) ? "done" : "nothing_compared", Passed(numeric, native) && IsMeaningful(numeric), JsonLines.Finite(numeric.Max(r => r.Error)),
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
            string difference = a.Compared == 0 ? "–" : Format.Error(a.Error);
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{a.Tensor,-21}{a.Compared,7}{difference,12}{Format.Error(b.Error),10}  {Worst(b),-20}  {Verdict(a, b)}{LeftOut(a)}"));
        }
    }

    private static string Verdict(GradientCheckRow numeric, GradientCheckRow native) =>
        !Passed(numeric, native) ? "FAILED" : numeric.Compared == 0 ? "not compared" : "ok";

    private static string LeftOut(GradientCheckRow row)
    {
        string kinks = row.Kinks == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"  ({row.Kinks} at a kink left out)");
        return row.Uncertain == 0 ? kinks : kinks + string.Create(CultureInfo.InvariantCulture, $"  ({row.Uncertain} too uncertain left out)");
    }

    // Position and value of the element; empty if all bits are equal.
    private static string Worst(GradientCheckRow row) => row.Error == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"[{row.Row},{row.Column}] {Format.Real(row.Actual)}");
}
