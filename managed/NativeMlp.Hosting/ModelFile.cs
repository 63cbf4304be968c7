// SPDX-License-Identifier: MIT
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Hosting;

/// <summary>The place that a model is loaded from, again and again.</summary>
internal sealed class ModelFile(string path)
{
    private const string BestOfRun = "best.safetensors";

    /// <summary>The file; in the folder of a run, that of its best model.</summary>
    public string Path => Directory.Exists(path) ? System.IO.Path.Combine(path, BestOfRun) : path;

    public FileSignature Signature() => FileSignature.Of(Path);

    /// <summary>Loads the model.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="Data.DataFormatException">It is damaged, or is no model.</exception>
    public ModelVersion Load(int number)
    {
        string file = Path;
        if (IsOfTable(file)) return new ModelVersion(number, file, TableModel.Load(file));
        using LoadedCheckpoint checkpoint = Checkpoint.Load(file, maxBatch: 1);
        return new ModelVersion(number, file, checkpoint with { Mlp = checkpoint.Mlp.Freeze() });
    }

    private static bool IsOfTable(string file)
    {
        using SafeTensorsSource source = new(file);
        return TableModelFile.Describes(source.Metadata);
    }
}
