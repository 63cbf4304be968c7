// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Export;
using NativeMlp.Onnx.Graphs;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Onnx;

/// <summary>
/// Writes models as ONNX: opset 13, or 17 where there is layer normalisation, and <c>ai.onnx.ml</c> 2 only for columns of texts.
/// </summary>
/// <remarks>
/// The graph has the outputs <c>label</c> (an integer, the number of the class; of a multilabel model 0 or 1 for each label) and
/// <c>probabilities</c> (float32, a column for each class), or <c>prediction</c> of a regression, in the units of its targets.
/// Names of classes and columns stand in the metadata <c>classes</c>, <c>targets</c> and <c>columns</c>, as JSON.
/// </remarks>
public static class OnnxExport
{
    /// <summary>Writes a model of a table.</summary>
    /// <param name="model">The model; several networks answer with their mean.</param>
    /// <param name="path">The file; an existing one is replaced as a whole or not at all.</param>
    /// <param name="options">How it is written; null for the defaults.</param>
    /// <exception cref="ArgumentException">The model cannot be written with these options; the message says why.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Save(TableModel model, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.WriteAllBytes(path, ToBytes(model, options));
    }

    /// <summary>Writes a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; an existing one is replaced as a whole or not at all.</param>
    /// <param name="options">How it is written; null for the defaults.</param>
    /// <param name="info">What its checkpoint says: its normalisation of the rows becomes part of the graph, but not under
    /// <see cref="OnnxInputs.Encoded"/>. Null for none.</param>
    /// <inheritdoc cref="Save(TableModel, string, OnnxExportOptions?)" path="/exception"/>
    public static void Save(Mlp network, string path, OnnxExportOptions? options = null, CheckpointInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.WriteAllBytes(path, ToBytes(network, options, info));
    }

    /// <summary>The bytes of the file that <see cref="Save(TableModel, string, OnnxExportOptions?)"/> writes.</summary>
    /// <inheritdoc cref="Save(TableModel, string, OnnxExportOptions?)"/>
    public static byte[] ToBytes(TableModel model, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new OnnxExportOptions();
        OnnxWriter.CheckSize(model.Networks.Sum(BytesOf));
        return OnnxWriter.Write(new TableExport(Builder(options), model, options).Build());
    }

    /// <summary>The bytes of the file that <see cref="Save(Mlp, string, OnnxExportOptions?, CheckpointInfo?)"/> writes.</summary>
    /// <inheritdoc cref="Save(Mlp, string, OnnxExportOptions?, CheckpointInfo?)"/>
    public static byte[] ToBytes(Mlp network, OnnxExportOptions? options = null, CheckpointInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new OnnxExportOptions();
        if (options.Inputs == OnnxInputs.Columns)
            Throw.Argument($"The network has no named columns: the inputs {options.Inputs} need a model of a table.", nameof(options));
        OnnxWriter.CheckSize(BytesOf(network));
        return OnnxWriter.Write(new NetworkExport(Builder(options), network, options, info ?? new CheckpointInfo()).Build());
    }

    private static long BytesOf(Mlp network) => network.ParameterCount * (long)sizeof(float);

    private static GraphBuilder Builder(OnnxExportOptions options)
    {
        if (options.Batch is < 1) Throw.OutOfRange($"OnnxExportOptions.Batch is {options.Batch}; it must be at least 1, or null.", nameof(options));
        if (!Enum.IsDefined(options.Inputs)) Throw.OutOfRange($"OnnxExportOptions.Inputs is {(int)options.Inputs}, which names none.", nameof(options));
        return new GraphBuilder(options.Batch is { } rows ? new OnnxSize(null, rows) : new OnnxSize("N", null));
    }
}
