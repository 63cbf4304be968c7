// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>Everything that is known about a data set that has a name here.</summary>
/// <param name="Name">Its name on the command line and in models.</param>
/// <param name="Files">Its files.</param>
internal sealed record BuiltInDataSet(string Name, DataSetFiles Files)
{
    /// <summary>What its classes are called; empty where a number says it all.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>What a training run on it uses where nothing else is asked for.</summary>
    public TrainingDefaults Defaults { get; init; } = new();

    /// <summary>Makes the rows for training and for testing; null for a data set that can only be read.</summary>
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
    /// <summary>Width of the only hidden layer.</summary>
    public int Hidden { get; init; } = 256;

    public int Epochs { get; init; } = 10;

    /// <summary>Rows of a step.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>The learning rate of Adam and AdamW.</summary>
    public double AdamRate { get; init; } = 1e-3;
}
