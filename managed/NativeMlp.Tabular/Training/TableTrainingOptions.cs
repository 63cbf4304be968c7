// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Training;

/// <summary>How to train a table model. The defaults are the preset <c>table</c>; null leaves a value to it, which then
/// depends on the number of training rows.</summary>
public sealed record TableTrainingOptions
{
    /// <summary>What the parts of the table, the first weights, dropout and the order of the rows are drawn from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Outputs of each hidden layer; null for 256 and 128, or 128 and 64 under 1,000 training rows.</summary>
    public IReadOnlyList<int>? Hidden { get; init => field = value is null ? null : [.. value]; }

    /// <summary>Passes over the training rows; null for so many that there are about 1,500 steps, from 12 to 100.</summary>
    public int? Epochs { get; init; }

    /// <summary>Rows of a step; null for 256 from 8,192 training rows, 64 from 1,000, else 32.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Where the learning rate starts; it goes to 0 along a cosine.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The decoupled weight decay of AdamW, of biases, too.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The probability that a training step sets an output of a hidden layer to 0.</summary>
    public double Dropout { get; init; } = 0.3;

    /// <summary>The part of the rows that a network is not trained on but that decides which of its epochs is kept: the one with
    /// the smallest loss on them. At least 0 and less than 1; 0 keeps the last epoch.</summary>
    public double Validation { get; init; } = 0.15;

    /// <summary>The part of the rows that is held back for a test, at least 0 and less than 1.</summary>
    public double Test { get; init; }

    /// <summary>A column whose equal values name rows that must stay together in one part; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>A column of dates or numbers by which the latest rows are the test, and the latest of the others the
    /// validation; null for rows chosen at random.</summary>
    public string? Time { get; init; }

    /// <summary>Whether all classes count alike in the loss, however many rows they have.</summary>
    public bool BalancedClasses { get; init; }

    /// <summary>Networks whose predictions are averaged, each trained from a seed of its own and with validation rows of its own; null for
    /// 5 under 2,000 rows, else 1.</summary>
    public int? Networks { get; init; }

    /// <summary>What the threshold between two classes is chosen for, on the validation rows; null for one half.</summary>
    public ThresholdMetric? Threshold { get; init; }

    /// <summary>The maximum number of threads; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>How columns become inputs.</summary>
    public TableEncodingOptions Encoding { get; init; } = new();

    /// <summary>Checks every value that does not depend on the table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public void Validate()
    {
        Require(Hidden is null || Hidden.All(width => width >= 1), nameof(Hidden), string.Join(", ", Hidden ?? []), "made of numbers of at least 1");
        Require(Epochs is null or >= 1, nameof(Epochs), Epochs, "at least 1");
        Require(BatchSize is null or >= 1, nameof(BatchSize), BatchSize, "at least 1");
        Require(Validation is >= 0 and < 1, nameof(Validation), Validation, "at least 0 and less than 1");
        Require(Test is >= 0 and < 1, nameof(Test), Test, "at least 0 and less than 1");
        Require(Validation + Test < 1 || Test == 0, nameof(Test), Test, "less than 1 together with Validation");
        Require(Networks is null or >= 1, nameof(Networks), Networks, "at least 1");
        Require(Threads is >= 0 and <= 1024, nameof(Threads), Threads, "from 0 to 1024");
        Require(Group is null || Time is null, nameof(Group), Group, "left out where Time chooses the rows");
        Require(Threshold is not { } metric || Enum.IsDefined(metric), nameof(Threshold), Threshold, "one of the metrics");
        Require(Threshold is null || Validation > 0, nameof(Threshold), Threshold, "left out where there are no validation rows to choose it on");
        ArgumentNullException.ThrowIfNull(Encoding);
        Encoding.Validate();
    }

    private static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds) Throw.OutOfRange($"TableTrainingOptions.{name} is {value}; it must be {expected}.");
    }
}
