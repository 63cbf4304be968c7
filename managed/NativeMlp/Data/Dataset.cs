// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>
/// Immutable rows for training or testing: features, and for each row a class label or the targets of the outputs.
/// Byte features stay bytes in memory. The network uses <c>(x − mean[column]) · scale</c>, where each
/// column may have its own scale.
/// </summary>
public sealed partial class Dataset
{
    private ReadOnlyMemory<float> _floats;
    private ReadOnlyMemory<byte> _bytes;
    private ReadOnlyMemory<int> _labels;
    private ReadOnlyMemory<float> _targets;
    private ReadOnlyMemory<float> _weights;
    private float[] _mean = [];
    private float[] _scales = [];

    private Dataset(string name, int features, int rows)
    {
        Name = name;
        Features = features;
        Count = rows;
    }

    /// <summary>The name of the data set.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Number of features of a row.</summary>
    public int Features { get; }

    /// <summary>The number of classes; labels are in 0 .. Classes−1. 0 if the rows have targets.</summary>
    public int Classes { get; private init; }

    /// <summary>The number of targets of a row; 0 if the rows have labels.</summary>
    public int TargetCount { get; private init; }

    /// <summary>True if the features are bytes (<see cref="Bytes"/>), false if floats (<see cref="Values"/>).</summary>
    public bool IsBytes => !_bytes.IsEmpty;

    /// <summary>What computes the features when they are read; null if they are in memory.</summary>
    internal IRowSource? Source { get; private set; }

    /// <summary>The features, <c>[Count × Features]</c>; empty if they are bytes.</summary>
    public ReadOnlySpan<float> Values => _floats.Span;

    /// <summary>The features, <c>[Count × Features]</c>; empty if they are floats.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>The class of each row, <c>[Count]</c>; empty if the rows have targets.</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>The desired outputs, <c>[Count × TargetCount]</c>: the values of a regression, or 0 and 1 if a row can
    /// have several labels. Empty if the rows have class labels.</summary>
    public ReadOnlySpan<float> Targets => _targets.Span;

    /// <summary>The weight of each row, <c>[Count]</c>; empty for equal weights.</summary>
    public ReadOnlySpan<float> Weights => _weights.Span;

    /// <summary>The mean that is subtracted from each row, <c>[Features]</c>, in the units of the features; empty for none.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>The factor for each feature after the mean is subtracted.</summary>
    public float Scale { get; private set; } = 1;

    /// <summary>The factors for each column after the mean is subtracted, <c>[Features]</c>; empty for <see cref="Scale"/> in all
    /// columns.</summary>
    public ReadOnlySpan<float> Scales => _scales;

    /// <summary>The names of the classes, or of the targets; empty if they have none.</summary>
    public IReadOnlyList<string> ClassNames { get; private set; } = [];

    /// <summary>The names of the features; empty if they have none.</summary>
    public IReadOnlyList<string> FeatureNames { get; private set; } = [];

    /// <summary>Warnings about values that are valid but may not be intended, such as columns on very
    /// different scales. Only <see cref="CsvReader.ReadDataset"/> creates them.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Creates a data set of float features with class labels, without normalisation.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="features">The features, <c>[rows × featureCount]</c>; not copied.</param>
    /// <param name="featureCount">Number of features of a row.</param>
    /// <param name="labels">The class of each row; not copied.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, or a label is outside 0 .. classes−1.</exception>
    public static Dataset FromFloats(string name, ReadOnlyMemory<float> features, int featureCount, ReadOnlyMemory<int> labels, int classes)
    {
        CheckLabels(features.Length, featureCount, labels.Span, classes);
        return new Dataset(name, featureCount, labels.Length) { _floats = features, _labels = labels, Classes = classes };
    }

    /// <summary>Creates a data set of float features with targets: for a regression, or for rows that can have several labels.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="features">The features, <c>[rows × featureCount]</c>; not copied.</param>
    /// <param name="featureCount">Number of features of a row.</param>
    /// <param name="targets">The targets, <c>[rows × targetCount]</c>, finite; not copied.</param>
    /// <param name="targetCount">Number of targets of a row.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, or a target is not finite.</exception>
    public static Dataset FromFloats(string name, ReadOnlyMemory<float> features, int featureCount, ReadOnlyMemory<float> targets, int targetCount)
    {
        int rows = CheckTargets(features.Length, featureCount, targets.Span, targetCount);
        return new Dataset(name, featureCount, rows) { _floats = features, _targets = targets, TargetCount = targetCount };
    }

    /// <summary>Creates a data set of byte features with class labels.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="features">The features, <c>[rows × featureCount]</c>; not copied.</param>
    /// <param name="featureCount">Number of features of a row.</param>
    /// <param name="labels">The class of each row; not copied.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="scale">The factor for each byte; 1/255 scales it to 0..1.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, or a label is outside 0 .. classes−1.</exception>
    public static Dataset FromBytes(
        string name, ReadOnlyMemory<byte> features, int featureCount, ReadOnlyMemory<int> labels, int classes, float scale = 1f / 255)
    {
        CheckLabels(features.Length, featureCount, labels.Span, classes);
        return new Dataset(name, featureCount, labels.Length) { _bytes = features, _labels = labels, Classes = classes, Scale = scale };
    }

    /// <summary>Creates a data set whose features are computed when a training reads them, with class labels.</summary>
    internal static Dataset FromSource(string name, IRowSource source, int featureCount, ReadOnlyMemory<int> labels, int classes)
    {
        CheckLabels((long)labels.Length * featureCount, featureCount, labels.Span, classes);
        return new Dataset(name, featureCount, labels.Length) { Source = source, _labels = labels, Classes = classes };
    }

    /// <summary>Creates a data set whose features are computed when a training reads them, with targets.</summary>
    internal static Dataset FromSource(string name, IRowSource source, int featureCount, ReadOnlyMemory<float> targets, int targetCount)
    {
        int rows = CheckTargets((long)targets.Length / targetCount * featureCount, featureCount, targets.Span, targetCount);
        return new Dataset(name, featureCount, rows) { Source = source, _targets = targets, TargetCount = targetCount };
    }

    /// <summary>Returns the same rows with another normalisation.</summary>
    /// <param name="mean">Subtracted from each row, <c>[Features]</c>, in the features' own units; empty for nothing.</param>
    /// <param name="scale">Multiplies each feature after that.</param>
    /// <returns>A data set that shares this one's memory.</returns>
    /// <exception cref="ArgumentException">The mean has the wrong length.</exception>
    public Dataset WithNormalization(ReadOnlySpan<float> mean, float scale)
    {
        if (mean.Length != 0 && mean.Length != Features)
            Throw.Argument($"The mean has {mean.Length} elements; the data set {Printable.Quoted(Name)} has {Features} features.", nameof(mean));
        Dataset copy = Copy();
        (copy._mean, copy.Scale, copy._scales) = (mean.ToArray(), scale, []);
        return copy;
    }

    /// <summary>Returns the same rows with weights.</summary>
    /// <param name="weights">The weight of each row, <c>[Count]</c>, finite and at least 0; empty for equal weights. Not
    /// copied.</param>
    /// <returns>A data set that shares this one's memory.</returns>
    /// <exception cref="ArgumentException">The number of weights is not the number of rows, or a weight is not allowed.</exception>
    public Dataset WithWeights(ReadOnlyMemory<float> weights)
    {
        if (weights.Length != 0 && weights.Length != Count)
            Throw.WrongLength(weights.Length, Count, $"one for each row of the data set {Printable.Quoted(Name)}", nameof(weights));
        ReadOnlySpan<float> values = weights.Span;
        for (int i = 0; i < values.Length; i++)
            if (!(values[i] >= 0 && float.IsFinite(values[i]))) Throw.Argument($"The weight of row {i} is {values[i]}; it must be finite and at least 0.", nameof(weights));
        Dataset copy = Copy();
        copy._weights = weights;
        return copy;
    }

    /// <summary>Returns the same rows with names for classes and features.</summary>
    /// <param name="classNames">One for each class or target; empty for none.</param>
    /// <param name="featureNames">One for each feature; empty for none.</param>
    /// <returns>A data set that shares this one's memory.</returns>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    /// <exception cref="ArgumentException">A list has the wrong length.</exception>
    public Dataset WithNames(IReadOnlyList<string> classNames, IReadOnlyList<string> featureNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(featureNames);
        int answers = Classes + TargetCount;
        if (classNames.Count != 0 && classNames.Count != answers)
            Throw.WrongLength(classNames.Count, answers, $"one for each {(Classes > 0 ? "class" : "target")} of the data set {Printable.Quoted(Name)}", nameof(classNames));
        if (featureNames.Count != 0 && featureNames.Count != Features)
            Throw.WrongLength(featureNames.Count, Features, $"one for each feature of the data set {Printable.Quoted(Name)}", nameof(featureNames));
        Dataset copy = Copy();
        (copy.ClassNames, copy.FeatureNames) = ([.. classNames], [.. featureNames]);
        return copy;
    }

    /// <summary>Returns all rows as a batch, which refers to the memory of this data set.</summary>
    /// <returns>The batch.</returns>
    public Batch AsBatch() => AsBatch(default);

    /// <summary>Returns some rows as a batch.</summary>
    /// <param name="indices">Which rows, in order; empty for all.</param>
    /// <returns>The batch.</returns>
    public Batch AsBatch(ReadOnlySpan<int> indices)
    {
        Batch rows = IsBytes ? Batch.FromRows(Bytes, Count, Features, Labels) : Batch.FromRows(Values, Count, Features, Labels);
        return rows with { Targets = Targets, Weights = Weights, Mean = _mean, Scale = Scale, Scales = _scales, Indices = indices };
    }

    internal Dataset WithWarnings(IReadOnlyList<string> warnings)
    {
        Dataset copy = Copy();
        copy.Warnings = warnings;
        return copy;
    }

    private Dataset Copy() => (Dataset)MemberwiseClone();

    private static void CheckLabels(long length, int featureCount, ReadOnlySpan<int> labels, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        CheckRows(length, featureCount, labels.Length, "labels");
        for (int i = 0; i < labels.Length; i++)
            if ((uint)labels[i] >= (uint)classes) Throw.Argument($"The label of row {i} is {labels[i]}; it must be between 0 and {classes - 1}.");
    }

    private static int CheckTargets(long length, int featureCount, ReadOnlySpan<float> targets, int targetCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(targetCount, 1);
        int rows = targets.Length / targetCount;
        if (targets.Length % targetCount != 0)
            Throw.Argument($"There are {targets.Length} targets, which is not a multiple of {targetCount}.");
        CheckRows(length, featureCount, rows, "rows of targets");
        for (int i = 0; i < targets.Length; i++)
            if (!float.IsFinite(targets[i])) Throw.Argument($"Target {i % targetCount} of row {i / targetCount} is {targets[i]}; it must be finite.");
        return rows;
    }

    private static void CheckRows(long length, int featureCount, int rows, string what)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        if (length != (long)rows * featureCount)
            Throw.Argument($"There are {length} feature values; {rows} {what} of {featureCount} features each need {(long)rows * featureCount}.");
    }
}
