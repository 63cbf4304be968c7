// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Import;
using NativeMlp.Onnx.Weights;
using NativeMlp.Storage;

namespace NativeMlp.Onnx;

/// <summary>How the tensors of a file for PyTorch are called.</summary>
public enum PyTorchNames
{
    /// <summary>Attributes of a module: <c>fc1.weight</c>, <c>fc2.weight</c>, …; norms are <c>bn1</c> or <c>ln1</c>.</summary>
    Fc = 0,

    /// <summary>The places in an <c>nn.Sequential</c> of layers, norms, activations and dropout: <c>0.weight</c>, <c>2.weight</c>, …</summary>
    Sequential = 1,

    /// <summary>An <c>nn.ModuleList</c> named <c>layers</c>: <c>layers.0.weight</c>, <c>layers.1.weight</c>, …; norms are in
    /// <c>norms</c>.</summary>
    Layers = 2,

    /// <summary>An <c>nn.Sequential</c> named <c>net</c>: <c>net.0.weight</c>, <c>net.2.weight</c>, …</summary>
    Net = 3,
}

/// <summary>
/// Reads and writes the weights of a network for other programs: safetensors with PyTorch's names and layout, and npz for NumPy and
/// scikit-learn. They hold what the network takes: encoded rows.
/// </summary>
public static class WeightFiles
{
    /// <summary>Writes the weights as safetensors with PyTorch's names and layout, <c>[outputs × inputs]</c>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; an existing one is replaced as a whole or not at all.</param>
    /// <param name="names">How the tensors are called.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void SavePyTorch(Mlp network, string path, PyTorchNames names = PyTorchNames.Fc)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(path);
        if (!Enum.IsDefined(names)) Throw.OutOfRange($"names is {(int)names}, which names none.", nameof(names));
        PyTorchWriter.Write(network, path, names);
    }

    /// <summary>Reads weights from a safetensors file with PyTorch's names and layout.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not say; null for nothing.</param>
    /// <returns>The network, to be disposed of by the caller.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is no safetensors file, it is damaged, its tensors make no network, or it does not say
    /// which activation the hidden layers have, nor do <paramref name="options"/>.</exception>
    public static ImportedNetwork LoadPyTorch(string path, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        FileKinds.MustBe(path, FileKind.SafeTensors);
        using SafeTensorsSource file = new(path, anyType: true);
        if (file.Metadata.GetValueOrDefault("layout") == CheckpointDescription.Layout)
            throw new DataFormatException(path, "it is a model of NativeMlp already, and need not be imported.");
        List<string> skipped = [.. file.Tensors.Values.Where(tensor => SafeTensor.ElementSize(tensor.ElementType) == 0).Select(tensor => $"{Printable.Quoted(tensor.Name, 60)} ({Printable.Text(tensor.ElementType, 20)})")];
        NamedTensor[] tensors = [.. file.Tensors.Values.Where(tensor => SafeTensor.ElementSize(tensor.ElementType) > 0)
            .Select(tensor => new NamedTensor(tensor.Name, tensor.Shape, tensor.ElementType, tensor.ElementType is not "F32", () => file.ReadFloats(tensor)))];
        WeightDescription description = new(path, file.Metadata, options ?? new ImportOptions());
        return Build(path, tensors, skipped, description, new StateDictionary(path, tensors).Layers(description.PiecesOf));
    }

    /// <summary>Writes the weights as an npz archive: <c>coefs_0</c> <c>[inputs × outputs]</c>, <c>intercepts_0</c>, and so on.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; an existing one is replaced as a whole or not at all.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void SaveNpz(Mlp network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, file => NpzWriter.Write(network, file));
    }

    /// <summary>Reads weights from an npz archive: either <c>coefs_0</c> <c>[inputs × outputs]</c> and <c>intercepts_0</c>, as
    /// scikit-learn's MLP has them, or PyTorch's names and layout.</summary>
    /// <inheritdoc cref="LoadPyTorch(string, ImportOptions?)"/>
    public static ImportedNetwork LoadNpz(string path, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        FileKinds.MustBe(path, FileKind.Npz);
        NpzArrays archive = NpzArrays.Read(path);
        WeightDescription description = new(path, archive.Texts, options ?? new ImportOptions());
        bool lists = archive.Tensors.Any(tensor => tensor.Name.StartsWith(CoefficientLists.Weight, StringComparison.Ordinal));
        List<LayerParts> layers = lists ? new CoefficientLists(path, archive.Tensors).Layers(description.PiecesOf)
            : new StateDictionary(path, archive.Tensors).Layers(description.PiecesOf);
        return Build(path, archive.Tensors, archive.Skipped, description, layers);
    }

    private static ImportedNetwork Build(string path, IReadOnlyList<NamedTensor> tensors, IReadOnlyList<string> skipped, WeightDescription description,
        List<LayerParts> layers)
    {
        RefuseUnread(path, tensors);
        description.Describe(layers);
        Loss loss = description.LossOf(layers[^1].Outputs);
        List<string> notes = [.. description.Notes];
        string[] converted = [.. tensors.Where(tensor => tensor.IsConverted && tensor.Sizes.Count > 0).Select(tensor => tensor.Type).Distinct().Order(StringComparer.Ordinal)];
        if (converted.Length > 0) notes.Add($"Weights of the type {string.Join(", ", converted)} became float32.");
        if (skipped.Count > 0) notes.Add($"Skipped, because their type is not read: {string.Join(", ", skipped.Take(10))}{(skipped.Count > 10 ? ", …" : "")}.");
        return new ImportedNetwork(NetworkOfParts.Build(path, layers, loss, description.NormEpsilon), notes);
    }

    // PyTorch counts the batches of a norm beside it; everything else that no layer has taken would change the answers.
    private static void RefuseUnread(string path, IReadOnlyList<NamedTensor> tensors)
    {
        NamedTensor[] unread = [.. tensors.Where(tensor => !tensor.IsRead && tensor.Part != "num_batches_tracked")];
        if (unread.Length == 0) return;
        throw new DataFormatException(path,
            $"it has tensors that belong to no layer of a dense network: {string.Join(", ", unread.Take(10).Select(tensor => tensor.Title))}{(unread.Length > 10 ? ", …" : "")}.");
    }
}
