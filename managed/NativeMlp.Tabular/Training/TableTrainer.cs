// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Training;

namespace NativeMlp.Tabular.Training;

/// <summary>Trains table models.</summary>
/// <remarks>The same table, schema and options give the same bytes on every processor, in every culture, with any number of
/// threads and with the columns in any order.</remarks>
/// <example><code>
/// TableFile file = TableReader.Read("adult.csv.gz");
/// TableSchema schema = TableProfile.Of(file, new InferenceOptions { Labels = ["label"] }).ToSchema(file.MissingMarks);
/// using TableTrainingResult result = TableTrainer.Train(file.Table, schema);
/// result.Model.Save("adult.safetensors");
/// Console.WriteLine(result.Model.Predict(TableReader.Read("new.csv").Table).Values[1]);
/// </code></example>
public static class TableTrainer
{
    /// <summary>Trains a model.</summary>
    /// <param name="table">The rows. Those without a label are left out.</param>
    /// <param name="schema">What the columns are.</param>
    /// <param name="options">The training options; null for the preset <c>table</c>.</param>
    /// <param name="progress">Receives each epoch, on the training threads.</param>
    /// <param name="cancellationToken">Stops after the current step; the model is what has been reached.</param>
    /// <exception cref="ArgumentException">Table, schema and options do not go together; the message says what to do.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> is not allowed.</exception>
    public static TableTrainingResult Train(Table table, TableSchema schema, TableTrainingOptions? options = null,
        IProgress<TableProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Train(table, schema, options, new Steps(progress, null), cancellationToken);

    /// <summary>The same with steps that somebody else takes.</summary>
    internal static TableTrainingResult Train(
        Table table, TableSchema schema, TableTrainingOptions options, ISessionRunner runner, CancellationToken cancellationToken) =>
        Train(table, schema, options, new Steps(null, runner), cancellationToken);

    /// <summary>Trains a model for each fold, on the rows of all other folds. Each fold is tested on its own rows
    /// (<see cref="TableSplit.Test"/>).</summary>
    /// <param name="table">The rows. Those without a label are left out.</param>
    /// <param name="schema">What the columns are.</param>
    /// <param name="folds">How many folds, at least 2.</param>
    /// <param name="options">The training options; null for the preset <c>table</c>.</param>
    /// <param name="progress">Receives each epoch, on the training threads.</param>
    /// <param name="cancellationToken">Stops after the current step; the models are what has been reached.</param>
    /// <returns>A result for each fold, made when it is asked for.</returns>
    /// <exception cref="ArgumentException">Table, schema and options do not go together; the message says what to do.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> or <paramref name="folds"/> is not
    /// allowed.</exception>
    public static IEnumerable<TableTrainingResult> CrossValidate(Table table, TableSchema schema, int folds, TableTrainingOptions? options = null,
        IProgress<TableProgress>? progress = null, CancellationToken cancellationToken = default) =>
        CrossValidate(table, schema, folds, options, 0, _ => new Steps(progress, null), cancellationToken);

    /// <summary>The same with steps that somebody else takes, from a fold on.</summary>
    internal static IEnumerable<TableTrainingResult> CrossValidate(Table table, TableSchema schema, int folds, TableTrainingOptions options,
        int first, Func<int, ISessionRunner> runnerOf, CancellationToken cancellationToken) =>
        CrossValidate(table, schema, folds, options, first, fold => new Steps(null, runnerOf(fold)), cancellationToken);

    private static IEnumerable<TableTrainingResult> CrossValidate(Table table, TableSchema schema, int folds, TableTrainingOptions? options,
        int first, Func<int, Steps> stepsOf, CancellationToken cancellationToken)
    {
        (options, TrainingTable rows) = Prepare(table, schema, options);
        if (options.Test > 0 || options.Time is not null)
            Throw.Argument($"With folds each row is tested once: leave out {(options.Time is null ? "Test" : "Time")}, or train without folds.", nameof(options));
        if (folds < 2 || folds > rows.Labelled.Length)
            Throw.OutOfRange($"folds is {folds}; it must be from 2 to the {rows.Labelled.Length} rows that have a label.", nameof(folds));
        RowSplitter splitter = rows.Splitter();
        TableSplit[] splits = [.. splitter.Folds(rows.Labelled, folds).Select(test => Split(splitter, [.. rows.Labelled.Except(test)], test, options))];
        return Enumerable.Range(first, folds - first).Select(fold => Train(table, schema, options, rows, splits[fold], stepsOf(fold), cancellationToken));
    }

    private static TableTrainingResult Train(Table table, TableSchema schema, TableTrainingOptions? options, Steps steps, CancellationToken cancellationToken)
    {
        (options, TrainingTable rows) = Prepare(table, schema, options);
        RowSplitter splitter = rows.Splitter();
        (int[] kept, int[] test) = splitter.Hold(rows.Labelled, options.Test);
        return Train(table, schema, options, rows, Split(splitter, kept, test, options), steps, cancellationToken);
    }

    private static TableSplit Split(RowSplitter splitter, int[] kept, int[] test, TableTrainingOptions options)
    {
        NetworkRows[] networks = new NetworkRows[TrainingSizes.Networks(kept.Length, options)];
        for (int i = 0; i < networks.Length; i++)
        {
            (int[] training, int[] validation) = splitter.Hold(kept, options.Validation);
            networks[i] = new NetworkRows(training, validation);
        }

        return new TableSplit(networks, test);
    }

    private static (TableTrainingOptions Options, TrainingTable Rows) Prepare(Table table, TableSchema schema, TableTrainingOptions? options)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(schema);
        options ??= new TableTrainingOptions();
        options.Validate();
        if (options.Threshold is not null && schema.Task != TableTask.Binary)
            Throw.Argument($"A threshold is chosen between two classes; the task is {schema.Task}. Leave it out.", nameof(options));
        if (options.BalancedClasses && schema.Task == TableTask.Regression)
            Throw.Argument($"A regression has no classes to balance. Leave it out.", nameof(options));
        return (options, new TrainingTable(table, schema, options));
    }

    private static TableTrainingResult Train(Table table, TableSchema schema, TableTrainingOptions options, TrainingTable rows,
        TableSplit split, Steps steps, CancellationToken cancellationToken)
    {
        ThrowIfTooFew(rows, split.Networks, options);
        int[] training = [.. split.Networks.SelectMany(network => network.Training).Distinct().Order()];
        TableLabels labels = rows.LabelsFor(training);
        TableEncoding encoding = TableEncoding.Fit(table, schema, training, options.Encoding);
        if (encoding.Inputs == 0)
            Throw.Argument($"None of the columns {ColumnNames.List([.. schema.Features.Select(feature => feature.Name)])} tells the {training.Length} training rows apart: each has one value only, or only categories of fewer than {options.Encoding.CategoryRows} rows. Keep other columns, or add rows.", nameof(schema));
        var trainer = new NetworkTrainer(rows, options, split.Networks)
        {
            Encoding = encoding,
            Labels = labels,
            ClassWeights = ClassWeights(schema.Task, options, rows, training),
            Sizes = TrainingSizes.For(split.Networks.Min(network => network.Training.Count), options),
            Progress = steps.Progress,
            Runner = steps.Runner,
        };
        (Mlp[] networks, TrainingResult[] runs) = trainer.Train(cancellationToken);
        TableModel model = new(encoding, labels, networks);
        ValidationPredictions? validation = OutOfBag.Predict(model, table, split.Networks, options.Threads);
        if (options.Threshold is { } metric && validation is not null) model.Threshold = ChooseThreshold(metric, validation, rows);
        return new TableTrainingResult(model, split, runs)
        {
            RowsWithoutLabel = table.RowCount - rows.Labelled.Length,
            Hidden = trainer.Sizes.Hidden,
            BatchSize = trainer.Sizes.BatchSize,
            Epochs = trainer.Sizes.Epochs,
            Validation = validation,
        };
    }

    private static void ThrowIfTooFew(TrainingTable rows, IReadOnlyList<NetworkRows> networks, TableTrainingOptions options)
    {
        if (networks[0].Training.Count < 2)
            Throw.Argument($"Of the {rows.Labelled.Length} rows that have a label {networks[0].Training.Count} are left to train on; at least 2 are needed. Add rows, or hold back fewer.");
        if (options.Validation > 0 && networks[0].Validation.Count == 0)
            Throw.Argument($"The {rows.Labelled.Length} rows that have a label are too few to hold a part of {options.Validation} back for validation. Add rows, or train without validation (0).");
    }

    // n/(classes · rows of the class); for several labels of a row the rows without it for each row with it.
    private static float[] ClassWeights(TableTask task, TableTrainingOptions options, TrainingTable rows, int[] training)
    {
        if (!options.BalancedClasses) return [];
        if (task == TableTask.Multilabel) return rows.PositiveWeights(training);
        int[] counts = rows.CountClasses(training);
        return Array.ConvertAll(counts, count => (float)((double)training.Length / ((double)counts.Length * count)));
    }

    private static double ChooseThreshold(ThresholdMetric metric, ValidationPredictions validation, TrainingTable rows) => DecisionThreshold.Choose(
        metric, validation.Rows.Select((row, i) => (validation.Predictions[i][1], rows.IsPositive(row))));

    // Who takes the steps: the plain loop, which reports, or a runner.
    private readonly record struct Steps(IProgress<TableProgress>? Progress, ISessionRunner? Runner);
}
