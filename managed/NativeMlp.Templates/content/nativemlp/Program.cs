// Trains a model on plants.csv, saves it, and asks it which species a plant is of.
// Put your own table in the place of plants.csv, and name the column that the model should predict.
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;

string path = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "plants.csv");
string label = args.Length > 1 ? args[1] : "species";

TableFile file = TableReader.Read(path);
TableSchema schema = TableProfile.Of(file, new InferenceOptions { Labels = [label] }).ToSchema(file.MissingMarks);
using TableTrainingResult result = TableTrainer.Train(file.Table, schema, new TableTrainingOptions { Test = 0.2 });

TableEvaluation test = result.Model.Evaluate(file.Table.Take([.. result.Split.Test]));
Console.WriteLine(test.Classification is { } classes
    ? $"{classes.Accuracy:P0} of the test rows right"
    : $"R² {test.MeanRSquared:F3} on the test rows");
result.Model.Save("model.safetensors");

// Later, or in another program: the file is all that is needed.
using TableModel model = TableModel.Load("model.safetensors");
if (args.Length == 0)
{
    TablePrediction answer = model.Predict(new Dictionary<string, object?>
    {
        ["height_cm"] = 64.0,
        ["leaf"] = "round",
        ["flowers"] = true,
        ["sunlight_h"] = null, // not known
    });
    Console.WriteLine($"The plant is of the species {answer.Class} (probability {answer[answer.Class]:F2}).");
}
