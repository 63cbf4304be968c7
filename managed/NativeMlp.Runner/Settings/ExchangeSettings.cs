// SPDX-License-Identifier: MIT
using NativeMlp.Onnx;

namespace NativeMlp.Runner.Settings;

/// <summary>The formats that a model is exported as.</summary>
internal enum ExportFormat
{
    Onnx,
    Safetensors,
    Npz,
    C,
    CSharp,
}

/// <summary>What export and import were told.</summary>
internal sealed class ExchangeChoices
{
    public string? File { get; set; }
    public string? Source { get; set; }
    public ExportFormat? Format { get; set; }
    public string? CFile { get; set; }
    public string? CSharpFile { get; set; }
    public OnnxInputs? Inputs { get; set; }
    public int? Rows { get; set; }
    public bool Logits { get; set; }
    public PyTorchNames? Names { get; set; }
    public double? NormEpsilon { get; set; }
}

/// <summary>The settings of export and import.</summary>
internal static class ExchangeSettings
{
    public static Setting File { get; } = new("ExportTo", "--out", "FILE", "a file",
        "File to write; one that exists is replaced.", (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Exchange.File = text));

    public static Setting Source { get; } = new("ImportFrom", "--from", "FILE", "a file",
        "File to read: .onnx, .safetensors with PyTorch's names, or .npz.", (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Exchange.Source = text));

    public static Setting Format { get; } = Setting.Choice<ExportFormat>("ExportFormat", "--format",
        "The format. [default: by the name of the file: .onnx, .safetensors, .npz, .h or .cs]", (s, value) => s.Exchange.Format = value);

    public static Setting CFile { get; } = new("ExportC", "--c", "FILE", "a file",
        "Also writes a C99 header with the weights and a function that predicts.", (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Exchange.CFile = text));

    public static Setting CSharpFile { get; } = new("ExportCSharp", "--csharp", "FILE", "a file",
        "Also writes C#: a record for a row, and a class that loads the model and predicts.", (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Exchange.CSharpFile = text));

    public static Setting Inputs { get; } = Setting.Choice<OnnxInputs>("OnnxInputs", "--inputs",
        "What an ONNX model takes: one matrix of numbers, an input for each column, or encoded rows. [default: float, with texts or dates columns]", (s, value) => s.Exchange.Inputs = value);

    public static Setting Rows { get; } = Setting.Whole("OnnxBatch", "--batch", 1, int.MaxValue,
        "Rows that an ONNX model takes at once. [default: any number]", (s, n) => s.Exchange.Rows = n);

    public static Setting Logits { get; } = Setting.Flag("OnnxLogits", "--logits",
        "The scores of the network in place of probabilities, in ONNX.", s => s.Exchange.Logits = true);

    public static Setting Names { get; } = Setting.Choice<PyTorchNames>("TensorNames", "--names",
        "How tensors are called in safetensors: fc1.weight, 0.weight, layers.0.weight or net.0.weight. [default: fc]", (s, value) => s.Exchange.Names = value);

    public static Setting NormEpsilon { get; } = new("NormEpsilon", "--norm-epsilon", "X", "a number greater than 0 and at most 1",
        "Epsilon of the norms, where the file does not say it. [default: 1e-5]",
        (s, text) => Setting.TryReal(text, out double x) && x is > 0 and <= 1 && Setting.Set(() => s.Exchange.NormEpsilon = x));

    public static IReadOnlyList<Setting> All { get; } = [File, Source, Format, CFile, CSharpFile, Inputs, Rows, Logits, Names, NormEpsilon];
}
