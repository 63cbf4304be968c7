// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>The description of a built-in data set.</summary>
/// <param name="Name">Its name on the command line and in models.</param>
/// <param name="Files">Its files.</param>
internal sealed record BuiltInDataSet(string Name, DataSetFiles Files)
{
    /// <summary>The names of its classes; empty if the classes are numbers.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>The defaults of a training run on this data set.</summary>
    public TrainingDefaults Defaults { get; init; } = new();

    /// <summary>Generates the training and test rows; null for a data set that can only be read.</summary>
    public Func<(Dataset Train, Dataset Test)>? Generate { get; init; }

    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public (Dataset Train, Dataset Test) Load(string directory)
    {
        (Dataset train, Dataset test) = Files.Load(directory);
        return (Named(train), Named(test));
    }

    /// <inheritdoc cref="DataSetFiles.LoadTest"/>
    public Dataset LoadTest(string directory) => Named(Files.LoadTest(directory));

    /// <inheritdoc cref="DataSetFiles.LoadUnlabelled"/>
    public Dataset? LoadUnlabelled(string directory, int features) => Files.LoadUnlabelled(directory, features) is { } rows ? Named(rows) : null;

    private Dataset Named(Dataset rows) => rows.WithNames(ClassNames, rows.FeatureNames);
}

/// <summary>What a training run uses where nothing else is asked for.</summary>
internal sealed record TrainingDefaults
{
    /// <summary>The width of the hidden layer.</summary>
    public int Hidden { get; init; } = 256;

    public int Epochs { get; init; } = 10;

    /// <summary>The number of rows of a step.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>The learning rate of Adam and AdamW.</summary>
    public double AdamRate { get; init; } = 1e-3;
}
