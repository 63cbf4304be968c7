// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs;

/// <summary>The parts of a data set, and their source.</summary>
internal sealed record LoadedData(Dataset Train, Dataset? Validation, Dataset Test, string Source)
{
    /// <summary>Warnings about the data from reading them.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <exception cref="RunnerException">The folder does not exist or was not named.</exception>
    /// <exception cref="DataFormatException">A file is missing or damaged.</exception>
    public static LoadedData Load(string name, string? folder)
    {
        BuiltInDataSet set = BuiltInDataSets.Get(name);
        if (IsGenerated(set, folder))
            return Generate(set);
        (Dataset train, Dataset test) = set.Load(folder!);
        if (train.Count == 0 || test.Count == 0)
            throw RunnerException.BadData($"{name} in {Printable.Path(Path.GetFullPath(folder!))} has {train.Count} training rows and {test.Count} test rows, but both must have at least one row.");
        return new LoadedData(train, null, test, "read from " + folder) { Warnings = [.. train.Warnings, .. test.Warnings] };
    }

    /// <summary>Whether the data set is generated. It is generated only if no folder was named.</summary>
    /// <exception cref="RunnerException">The folder does not exist, or no folder was named and the data set cannot be generated.</exception>
    public static bool IsGenerated(BuiltInDataSet set, string? folder)
    {
        if (folder is not null)
            return Directory.Exists(folder) ? false : throw RunnerException.BadData($"The data folder {Printable.Path(Path.GetFullPath(folder))} does not exist.");
        return set.Generate is not null ? true : throw RunnerException.Usage(
            $"{set.Name} is read from a folder. Name the folder with --data-dir DIR or the environment variable NATIVEMLP__DataDir.");
    }

    /// <summary>Generates the rows of a data set.</summary>
    public static LoadedData Generate(BuiltInDataSet set)
    {
        (Dataset train, Dataset test) = set.Generate!();
        return new LoadedData(train, null, test, "generated");
    }

    /// <summary>Holds back a part of the training rows, chosen by the seed.</summary>
    /// <exception cref="RunnerException">One of the two parts would be empty.</exception>
    public LoadedData HoldBack(double fraction, ulong seed)
    {
        if (fraction == 0)
            return this;
        int held = (int)(Train.Count * fraction);
        if (held < 1 || held >= Train.Count)
            throw RunnerException.Usage($"{Setting.Validation.Option} {fraction} of {Train.Count} training rows holds back {held} rows, but neither part may be empty.");
        (Dataset train, Dataset validation) = Train.Split(fraction, seed);
        if (train.Mean.Length == 0)
            return this with { Train = train, Validation = validation };
        float[] mean = train.ComputeMean(); // the mean of the training rows only
        return this with
        {
            Train = train.WithNormalization(mean, train.Scale),
            Validation = validation.WithNormalization(mean, train.Scale),
            Test = Test.WithNormalization(mean, train.Scale),
        };
    }

    /// <summary>Preprocesses the data as the course of a preset does. The mean is that of the training rows.</summary>
    /// <exception cref="RunnerException">The data set is not CIFAR-10.</exception>
    public LoadedData ArrangeFor(Preset preset)
    {
        if (!Pixels.Has(Train))
            throw RunnerException.Usage($"{Setting.Preset.Option} {preset.Name} is for images: it needs {Setting.Data.Option} {BuiltInDataSets.Cifar10.Name}.");
        LoadedData arranged = With(part => Pixels.Arrange(part, preset.Order));
        float[] mean = arranged.Train.ComputeMean();
        if (preset.Scale == PixelScale.UnitMinusMeanColour)
            Pixels.AverageColours(mean);
        float scale = preset.Scale == PixelScale.RawMinusMeanPicture ? 1 : 1f / 255;
        return arranged.With(part => part.WithNormalization(mean, scale));
    }

    private LoadedData With(Func<Dataset, Dataset> change) => this with
    {
        Train = change(Train),
        Validation = Validation is { } held ? change(held) : null,
        Test = change(Test),
    };
}
