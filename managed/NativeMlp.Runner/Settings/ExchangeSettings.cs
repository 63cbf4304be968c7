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
    Model,
}

/// <summary>The given settings of export and import.</summary>
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
        "File to write. An existing file is replaced.", (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Exchange.File = text));

    public static Setting Source { get; } = new("ImportFrom", "--from", "FILE", "a file",
        "File to read: .onnx, .safetensors with PyTorch's names, or .npz.", (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Exchange.Source = text));

    public static Setting Format { get; } = Setting.Choice<ExportFormat>("ExportFormat", "--format",
        "Format of the file; model is a model file for prediction alone. [default: from its extension: .onnx, .safetensors, .npz, .h or .cs]", (s, value) => s.Exchange.Format = value);

    public static Setting CFile { get; } = new("ExportC", "--c", "FILE", "a file",
        "Also writes a C99 header with the weights and a function that predicts.", (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Exchange.CFile = text));

    public static Setting CSharpFile { get; } = new("ExportCSharp", "--csharp", "FILE", "a file",
        "Also writes C# code: a record for a row, and a class that loads the model and predicts.", (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Exchange.CSharpFile = text));

    public static Setting Inputs { get; } = Setting.Choice<OnnxInputs>("OnnxInputs", "--inputs",
        "Inputs of the ONNX model: one matrix of numbers, one input per column, or encoded rows. [default: float; columns if there are texts or dates]", (s, value) => s.Exchange.Inputs = value);

    public static Setting Rows { get; } = Setting.Whole("OnnxBatch", "--batch", 1, int.MaxValue,
        "Fixed number of rows per call of the ONNX model. [default: any number]", (s, n) => s.Exchange.Rows = n);

    public static Setting Logits { get; } = Setting.Flag("OnnxLogits", "--logits",
        "The ONNX model returns the scores of the network instead of probabilities.", s => s.Exchange.Logits = true);

    public static Setting Names { get; } = Setting.Choice<PyTorchNames>("TensorNames", "--names",
        "Names of the tensors in safetensors: fc1.weight, 0.weight, layers.0.weight or net.0.weight. [default: fc]", (s, value) => s.Exchange.Names = value);

    public static Setting NormEpsilon { get; } = new("NormEpsilon", "--norm-epsilon", "X", "a number greater than 0 and at most 1",
        "Epsilon of the norms, if the file does not contain it. [default: 1e-5]",
        (s, text) => Setting.TryReal(text, out double x) && x is > 0 and <= 1 && Setting.Set(() => s.Exchange.NormEpsilon = x));

    public static IReadOnlyList<Setting> All { get; } = [File, Source, Format, CFile, CSharpFile, Inputs, Rows, Logits, Names, NormEpsilon];
}
