// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Onnx.Export;
using NativeMlp.Onnx.Sources;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Onnx;

/// <summary>
/// Writes a model as a C99 header: its weights and a function that predicts a row, which needs nothing but the C library. The answers
/// have the bits of this library's.
/// </summary>
public static class CSource
{
    /// <summary>Writes a model of a table: a structure for a row, and <c>NAME_predict</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, whose name comes before every name in it; an existing one is replaced as a whole or not at all.</param>
    /// <exception cref="ArgumentException">A weight is not a finite number.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Save(TableModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(Header(model, NameOf(path))));
    }

    /// <summary>Writes a network: <c>NAME_scores</c>, and for classes <c>NAME_predict</c>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file, whose name comes before every name in it; an existing one is replaced as a whole or not at all.</param>
    /// <param name="info">What its checkpoint says: its normalisation of the rows becomes part of the function. Null for none.</param>
    /// <exception cref="ArgumentException">A weight is not a finite number.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Save(Mlp network, string path, CheckpointInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(Header(network, info ?? new CheckpointInfo(), NameOf(path))));
    }

    private static string NameOf(string path) => CText.Name(Path.GetFileNameWithoutExtension(path));

    private static string Header(TableModel model, string name)
    {
        CWriter writer = new(name);
        int inputs = model.Encoding.Inputs, values = model.Labels.Names.Count;
        new CTable(writer, model.Encoding).Add();
        string[] networks = [.. model.Networks.Select((network, i) => new CNetwork(writer, network, i).Add())];
        CHead head = new(writer);
        writer.Line();
        writer.Line(FormattableString.Invariant($"enum {{ {name}_VALUES = {values} }};"));
        writer.Texts("names", [.. model.Labels.Names]);
        head.AddTable(model, networks, inputs, values);
        return writer.ToHeader(
        [
            $"{CText.Comment(name)}: a model of {CText.Comment(string.Join(", ", model.Schema.Labels))}, written by NativeMlp.", "",
            $"{name}_predict takes a row and writes {(model.Labels.Task == TableTask.Regression ? "the values, in their own units" : "the probabilities")}, in the order of {name}_names.",
            "It is C99 and needs the C library alone (-lm for sqrt).",
        ]);
    }

    private static string Header(Mlp network, CheckpointInfo info, string name)
    {
        CWriter writer = new(name);
        string function = new CNetwork(writer, network, 0).Add();
        writer.Line();
        writer.Line(FormattableString.Invariant($"enum {{ {name}_INPUTS = {network.Inputs}, {name}_OUTPUTS = {network.Outputs} }};"));
        if (network.Classes > 0) writer.Texts("names", [.. ModelNames.ClassesOf(network, info)]);
        new CHead(writer).AddNetwork(network, info, function);
        return writer.ToHeader(
        [
            $"{CText.Comment(name)}: a network {network}, written by NativeMlp.", "",
            $"{name}_scores takes a row and writes the outputs{(network.Classes > 0 ? $"; {name}_predict writes the probabilities and returns the class, -1 for none" : "")}.",
            "It is C99 and needs the C library alone (-lm for sqrtf).",
        ]);
    }
}
