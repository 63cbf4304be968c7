// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>The files of a built-in data set: their names in a data folder, and how to read them.</summary>
internal abstract class DataSetFiles
{
    /// <summary>Whether all files exist. They may still be damaged.</summary>
    public abstract bool AreIn(string directory);

    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public abstract (Dataset Train, Dataset Test) Load(string directory);

    /// <summary>Reads only the test rows. Bytes are divided by 255.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public abstract Dataset LoadTest(string directory);

    /// <summary>Reads test rows without labels. Each row then has label 0.</summary>
    /// <returns>The rows; null if there are labels.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public abstract Dataset? LoadUnlabelled(string directory, int features);

    protected static string? Find(string path) => File.Exists(path) ? path : File.Exists(path + ".gz") ? path + ".gz" : null;

    protected static string Require(string path) =>
        Find(path) ?? throw new FileNotFoundException($"The data file {Printable.Path(path)} does not exist, neither plain nor with .gz.", path);
}

/// <summary>The MNIST family, with images and labels in separate files.</summary>
/// <param name="name">The name of the data set and of its folder in the data folder.</param>
internal sealed class IdxFiles(string name) : DataSetFiles
{
    private static readonly string[] FileNames =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    public override bool AreIn(string directory) => Paths(directory).All(file => Find(file) is not null);

    public override (Dataset Train, Dataset Test) Load(string directory)
    {
        string[] files = [.. Paths(directory).Select(Require)];
        return (IdxReader.ReadDataset(name, files[0], files[1]), IdxReader.ReadDataset(name, files[2], files[3]));
    }

    public override Dataset LoadTest(string directory) =>
        IdxReader.ReadDataset(name, Require(Paths(directory)[2]), Require(Paths(directory)[3]));

    public override Dataset? LoadUnlabelled(string directory, int features)
    {
        string[] files = Paths(directory);
        return Find(files[3]) is null ? IdxReader.ReadUnlabelled(name, Require(files[2])) : null;
    }

    private string[] Paths(string directory) => Array.ConvertAll(FileNames, file => Path.Combine(directory, name, file));
}

/// <summary>The binary files of CIFAR-10, whose number is not fixed.</summary>
/// <param name="folder">Where they are below the data folder.</param>
internal sealed class Cifar10Files(string folder) : DataSetFiles
{
    private const string Train = "data_batch_";
    private const string Test = "test_batch";

    public override bool AreIn(string directory) => Paths(directory, Train).Count > 0 && Paths(directory, Test).Count > 0;

    public override (Dataset Train, Dataset Test) Load(string directory)
    {
        IReadOnlyList<string> trainFiles = RequireFiles(directory, Train), testFiles = RequireFiles(directory, Test);
        Dataset train = Cifar10Reader.Read(trainFiles), test = Cifar10Reader.Read(testFiles);
        float[] mean = train.ComputeMean();
        return (train.WithNormalization(mean, train.Scale), test.WithNormalization(mean, test.Scale));
    }

    public override Dataset LoadTest(string directory) => Cifar10Reader.Read(RequireFiles(directory, Test));

    // Each record begins with its label.
    public override Dataset? LoadUnlabelled(string directory, int features) => null;

    // In the order of their names. If a file exists twice, the one without .gz is used.
    private IReadOnlyList<string> Paths(string directory, string prefix)
    {
        string place = Path.Combine(directory, folder);
        if (!Directory.Exists(place)) return [];
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(place, prefix + "*"))
        {
            string plain = file.EndsWith(".gz", StringComparison.Ordinal) ? file[..^3] : file;
            if (plain.EndsWith(".bin", StringComparison.Ordinal) && (plain == file || !files.ContainsKey(plain))) files[plain] = file;
        }

        return [.. files.Values];
    }

    private IReadOnlyList<string> RequireFiles(string directory, string prefix) => Paths(directory, prefix) is { Count: > 0 } files
        ? files : throw new FileNotFoundException($"There is no data file {Printable.Path(Path.Combine(directory, folder, prefix + "*.bin"))}, with or without .gz.");
}

/// <summary>Tables of points of the plane: two features and a label.</summary>
/// <param name="folder">Where they are below the data folder.</param>
/// <param name="name">What their names begin with.</param>
/// <param name="classes">The number of classes.</param>
internal sealed class PlaneFiles(string folder, string name, int classes) : DataSetFiles
{
    private const string Train = "train";
    private const string Test = "test";

    public override bool AreIn(string directory) =>
        Find(PathOf(directory, Train)) is not null && Find(PathOf(directory, Test)) is not null;

    public override (Dataset Train, Dataset Test) Load(string directory) => (Read(directory, Train), Read(directory, Test));

    public override Dataset LoadTest(string directory) => Read(directory, Test);

    public override Dataset? LoadUnlabelled(string directory, int features)
    {
        CsvTable table = CsvReader.Read(Require(PathOf(directory, Test)));
        return table.Columns == features ? Dataset.FromFloats(name, table.Values, features, new int[table.Rows], classes) : null;
    }

    private Dataset Read(string directory, string part) => CsvReader.ReadDataset(name, Require(PathOf(directory, part)), classes);

    private string PathOf(string directory, string part) => Path.Combine(directory, folder, $"{name}_{part}.csv");
}
