// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>
/// Finds the built-in data sets in a folder with the following layout. Each file may be gzip, with
/// ".gz" at the end of its name:
/// <code>
/// mnist/          train-images-idx3-ubyte  train-labels-idx1-ubyte  t10k-images-…  t10k-labels-…
/// fashion-mnist/  the same
/// cifar-10/       data_batch_1.bin …  test_batch*.bin
/// synthetic/      xor_train.csv  xor_test.csv  circles_…  moons_…  spirals_…
/// </code>
/// </summary>
public static class DataFolder
{
    /// <summary>The names of the data sets.</summary>
    public static IReadOnlyList<string> DataSetNames => BuiltInDataSets.Names;

    /// <summary>Whether the folder has the files of a data set.</summary>
    /// <param name="name">One of <see cref="DataSetNames"/>.</param>
    /// <param name="directory">The folder.</param>
    /// <returns>True if all files exist. They may still be damaged.</returns>
    public static bool Contains(string name, string directory) =>
        DataSetNames.Contains(name) && BuiltInDataSets.Get(name).Files.AreIn(directory);

    /// <summary>
    /// Loads the training and test rows of a data set with the usual normalisation: pixels of the MNIST family
    /// are divided by 255; for CIFAR-10, the mean image of the training rows is subtracted first; points are not changed.
    /// </summary>
    /// <param name="name">One of <see cref="DataSetNames"/>.</param>
    /// <param name="directory">The folder.</param>
    /// <returns>The two parts.</returns>
    /// <exception cref="ArgumentException">There is no data set of that name.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static (Dataset Train, Dataset Test) Load(string name, string directory) => BuiltInDataSets.Get(name).Load(directory);
}
