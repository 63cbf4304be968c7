#:project ../managed/NativeMlp.Tabular
// SPDX-License-Identifier: MIT
// A model of a table in a file: dotnet run own-csv.cs -- FILE COLUMN
// COLUMN is the column that the model should predict. The types of the other columns (numbers, names, dates) are detected.
using NativeMlp.Data;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;

if (args is not [string path, string label])
{
    Console.Error.WriteLine("usage: dotnet run own-csv.cs -- FILE COLUMN");
    return 2;
}

try
{
    TableFile file = TableReader.Read(path);
    TableSchema schema = TableProfile.Of(file, new InferenceOptions { Labels = [label] }).ToSchema(file.MissingMarks);
    Console.WriteLine($"{file.Table.RowCount} rows, {schema.Features.Count} columns to learn from, task {schema.Task}");

    // A fifth of the rows is reserved for the test.
    using TableTrainingResult result = TableTrainer.Train(file.Table, schema, new TableTrainingOptions { Test = 0.2 });
    TableEvaluation test = result.Model.Evaluate(file.Table.Take([.. result.Split.Test]));
    Console.WriteLine(test.Classification is { } classes
        ? $"{classes.Accuracy:P1} of the test rows right"
        : $"R² {test.MeanRSquared:F3} on the test rows");

    result.Model.Save("model.safetensors");
    using TableModel model = TableModel.Load("model.safetensors");
    Dictionary<string, object?> row = model.Schema.Features.ToDictionary(feature => feature.Name, _ => (object?)null);
    TablePrediction answer = model.Predict(row);
    Console.WriteLine($"a row of which nothing is known: {(model.Labels.HasClasses ? answer.Class : answer.Values[0].ToString("G6"))}");
    return 0;
}
catch (Exception error) when (error is DataFormatException or FileNotFoundException or ArgumentException)
{
    Console.Error.WriteLine(error.Message); // describes the error in the file and its position
    return 3;
}
