// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Graphs;
using NativeMlp.Onnx.Import;

namespace NativeMlp.Onnx;

/// <summary>
/// Reads dense networks that other programs have written as ONNX: layers (<c>Gemm</c>, or <c>MatMul</c> and <c>Add</c>), the activations
/// of this library, normalisation, and <c>Softmax</c> or <c>Sigmoid</c> at the end.
/// </summary>
/// <remarks>Nothing in a file is executed. What cannot be imported is named by its node and operator.</remarks>
public static class OnnxImport
{
    /// <summary>Reads a network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not say: of these the <see cref="ImportOptions.Loss"/>. Null for nothing.</param>
    /// <returns>The network, to be disposed of by the caller.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is no ONNX model, it is damaged, or it has something that cannot be imported.</exception>
    public static ImportedNetwork Load(string path, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        FileKinds.MustBe(path, FileKind.Onnx);
        OnnxModel model = OnnxReader.Read(path);
        GraphWalk walk = new(path, model.Graph, options?.Loss);
        walk.Run();
        (Loss loss, List<string> notes) = walk.LossAndNotes();
        return new ImportedNetwork(NetworkOfParts.Build(path, walk.Layers, loss, options?.NormEpsilon ?? walk.NormEpsilon ?? 1e-5), notes);
    }
}
