// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Onnx.Sources;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Onnx;

/// <summary>Writes C# that loads a model and predicts with it: for a model of a table a record for a row, made from its columns.</summary>
public static class CSharpSource
{
    /// <summary>Writes the source for a model of a table.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, whose name the types get; an existing one is replaced as a whole or not at all.</param>
    /// <param name="modelPath">Where the source looks for the model if it is not told.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Save(TableModel model, string path, string modelPath)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(modelPath);
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(new CSharpTable(model, NameOf(path), modelPath).ToSource()));
    }

    /// <summary>Writes the source for a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file, whose name the class gets; an existing one is replaced as a whole or not at all.</param>
    /// <param name="modelPath">Where the source looks for the checkpoint if it is not told.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Save(Mlp network, string path, string modelPath)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(modelPath);
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(CSharpNetwork.ToSource(network, NameOf(path), modelPath)));
    }

    private static string NameOf(string path) => CSharpText.Name(Path.GetFileNameWithoutExtension(path), "Model");
}
