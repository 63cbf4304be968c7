// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>
/// Finds the well-known data sets in a folder. It is laid out like this; each file may be gzip, with
/// ".gz" behind its name:
/// <code>
/// mnist/          train-images-idx3-ubyte  train-labels-idx1-ubyte  t10k-images-…  t10k-labels-…
/// fashion-mnist/  the same
/// cifar-10/       data_batch_1.bin …  test_batch*.bin
/// synthetic/      xor_train.csv  xor_test.csv  circles_…  moons_…  spirals_…
/// </code>
/// </summary>
public static class DataFolder
{
    /// <summary>The data sets that can be asked for.</summary>
    public static IReadOnlyList<string> DataSetNames { get; } =
        ["xor", "circles", "moons", "spirals", "mnist", "fashion-mnist", "cifar10"];

    /// <summary>Whether the folder has the files of a data set.</summary>
    /// <param name="name">One of <see cref="DataSetNames"/>.</param>
    /// <param name="directory">The folder.</param>
    /// <returns>True if they are all there; they may still be damaged.</returns>
    public static bool Contains(string name, string directory) => name switch
    {
        "mnist" or "fashion-mnist" => IdxFiles(name, directory).All(file => Find(file) is not null),
        "cifar10" => CifarFiles(directory, "data_batch_").Count > 0 && CifarFiles(directory, "test_batch").Count > 0,
        _ => DataSetNames.Contains(name)
            && Find(PlaneFile(name, directory, "train")) is not null && Find(PlaneFile(name, directory, "test")) is not null,
    };

    /// <summary>
    /// Loads a data set's rows for training and for testing, normalised as usual: pixels of the MNIST family
    /// over 255; CIFAR-10 minus the mean image of the training rows, over 255; points as they are.
    /// </summary>
    /// <param name="name">One of <see cref="DataSetNames"/>.</param>
    /// <param name="directory">The folder.</param>
    /// <returns>The two parts.</returns>
    /// <exception cref="ArgumentException">There is no data set of that name.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static (Dataset Train, Dataset Test) Load(string name, string directory)
    {
        switch (name)
        {
            case "mnist" or "fashion-mnist":
                string[] files = [.. IdxFiles(name, directory).Select(Require)];
                return (IdxReader.ReadDataset(name, files[0], files[1]), IdxReader.ReadDataset(name, files[2], files[3]));
            case "cifar10":
                return LoadCifar(directory);
            case "xor" or "circles" or "moons" or "spirals":
                return (CsvReader.ReadDataset(name, Require(PlaneFile(name, directory, "train")), PlaneClasses(name)),
                    CsvReader.ReadDataset(name, Require(PlaneFile(name, directory, "test")), PlaneClasses(name)));
            default:
                throw new ArgumentException($"There is no data set {Printable.Quoted(name)}; there are {string.Join(", ", DataSetNames)}.", nameof(name));
        }
    }

    /// <summary>Loads the rows for testing alone: no file of the training rows is needed. Bytes are divided by 255.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    internal static Dataset LoadTest(string name, string directory) => name switch
    {
        "mnist" or "fashion-mnist" => IdxReader.ReadDataset(name, Require(IdxFiles(name, directory)[2]), Require(IdxFiles(name, directory)[3])),
        "cifar10" => Cifar10Reader.Read(RequireCifarFiles(directory, "test_batch")),
        _ => CsvReader.ReadDataset(name, Require(PlaneFile(name, directory, "test")), PlaneClasses(name)),
    };

    /// <summary>Loads the rows for testing where they come without labels: a table of nothing but features, or images whose
    /// file of labels is not there. Each row then has label 0.</summary>
    /// <returns>Null where there are labels.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    internal static Dataset? LoadUnlabelled(string name, string directory, int features)
    {
        if (name is "mnist" or "fashion-mnist")
        {
            string[] files = IdxFiles(name, directory);
            return Find(files[3]) is null ? IdxReader.ReadUnlabelled(name, Require(files[2])) : null;
        }

        if (name == "cifar10")
        {
            return null; // each record begins with its label
        }

        CsvTable table = CsvReader.Read(Require(PlaneFile(name, directory, "test")));
        return table.Columns == features
            ? Dataset.FromFloats(name, table.Values, features, new int[table.Rows], PlaneClasses(name)) : null;
    }

    private static int PlaneClasses(string name) => name == "spirals" ? 3 : 2;

    private static (Dataset Train, Dataset Test) LoadCifar(string directory)
    {
        IReadOnlyList<string> trainFiles = RequireCifarFiles(directory, "data_batch_"), testFiles = RequireCifarFiles(directory, "test_batch");
        Dataset train = Cifar10Reader.Read(trainFiles), test = Cifar10Reader.Read(testFiles);
        float[] mean = train.ComputeMean();
        return (train.WithNormalization(mean, train.Scale), test.WithNormalization(mean, test.Scale));
    }

    private static string[] IdxFiles(string name, string directory)
    {
        string folder = Path.Combine(directory, name);
        return
        [
            Path.Combine(folder, "train-images-idx3-ubyte"), Path.Combine(folder, "train-labels-idx1-ubyte"),
            Path.Combine(folder, "t10k-images-idx3-ubyte"), Path.Combine(folder, "t10k-labels-idx1-ubyte"),
        ];
    }

    private static string PlaneFile(string name, string directory, string part) =>
        Path.Combine(directory, "synthetic", $"{name}_{part}.csv");

    // In the order of their names; where a file is there twice, the one without .gz.
    private static IReadOnlyList<string> CifarFiles(string directory, string prefix)
    {
        string folder = Path.Combine(directory, "cifar-10");
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, prefix + "*"))
        {
            string plain = file.EndsWith(".gz", StringComparison.Ordinal) ? file[..^3] : file;
            if (plain.EndsWith(".bin", StringComparison.Ordinal) && (plain == file || !files.ContainsKey(plain)))
            {
                files[plain] = file;
            }
        }

        return [.. files.Values];
    }

    private static IReadOnlyList<string> RequireCifarFiles(string directory, string prefix) => CifarFiles(directory, prefix) is { Count: > 0 } files
        ? files : throw new FileNotFoundException($"There is no data file {Printable.Path(Path.Combine(directory, "cifar-10", prefix + "*.bin"))}, with or without .gz.");

    private static string? Find(string path) => File.Exists(path) ? path : File.Exists(path + ".gz") ? path + ".gz" : null;

    private static string Require(string path) =>
        Find(path) ?? throw new FileNotFoundException($"The data file {Printable.Path(path)} does not exist, neither plain nor with .gz.", path);
}
