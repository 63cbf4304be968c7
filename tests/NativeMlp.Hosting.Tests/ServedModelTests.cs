// SPDX-License-Identifier: MIT
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;
using NativeMlp.Tests.Tables;

namespace NativeMlp.Hosting.Tests;

/// <summary>What a served model answers.</summary>
public sealed class ServedModelTests
{
    [Fact]
    public void Predict_RowOfATable_IsTheModelsAnswerHoweverItIsGiven()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("model.safetensors");
        ModelSamples.SaveTable(file, seed: 1);
        double[][] expected = ModelSamples.Answers(file);
        using Serving serving = new(file);
        ServedPredictor<Person> predictor = serving.Model.CreatePredictor(Person.Mapping);
        Span<double> values = stackalloc double[2];
        for (int i = 0; i < expected.Length; i++)
        {
            Person person = ModelSamples.People[i];
            predictor.Predict(person, values);
            Assert.Equal(expected[i], values.ToArray());
            Assert.Equal(expected[i], predictor.Predict(person).Values.ToArray());
            serving.Model.Predict(person.ToDictionary(), values);
            Assert.Equal(expected[i], values.ToArray());
            Assert.Equal(expected[i], serving.Model.Predict(person.ToDictionary()).Values.ToArray());
            serving.Model.Predict(Texts(person), values);
            Assert.Equal(expected[i], values.ToArray());
        }
    }

    [Fact]
    public void Predict_NumbersOfATable_AreReadAsItsColumns()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("model.safetensors");
        ModelSamples.SaveTable(file, seed: 1);
        using Serving serving = new(file);
        Span<double> values = stackalloc double[2], expected = stackalloc double[2];
        // age, a job that no training row had, no member, and a second of the first of January 2021
        serving.Model.Predict([31.5, 7, 0, 1609459200], values);
        serving.Model.Predict(["31.5", "7", "no", "2021-01-01"], expected);
        Assert.Equal(expected.ToArray(), values.ToArray());
        serving.Model.Predict([double.NaN, double.NaN, 1, double.NaN], values);
        serving.Model.Predict([null, null, "yes", null], expected);
        Assert.Equal(expected.ToArray(), values.ToArray());
    }

    [Fact]
    public void Predict_Features_AreNormalisedAsTheCheckpointSays()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("model.safetensors");
        using (Mlp trained = new(new MlpOptions { Inputs = 3, Hidden = [8], Outputs = 2, Seed = 5 }))
            Checkpoint.Save(trained, file, new CheckpointInfo { Mean = [1, 2, 3], Scale = 0.5f });
        using LoadedCheckpoint loaded = Checkpoint.Load(file);
        using Serving serving = new(file);
        float[] outputs = new float[4], features = [3, 2, 1, 0, 8, 5];

        serving.Model.Predict(features, outputs);

        float[] byHand = [1, 0, -1, -0.5f, 3, 1]; // (x − mean) · ½
        Assert.Equal(loaded.Mlp.PredictProbabilities(Batch.FromRows(byHand, 2)), outputs);
    }

    [Fact]
    public void Predict_WrongLengthOrKind_IsOneSentence()
    {
        using TemporaryFolder folder = new();
        ModelSamples.SaveTable(folder.File("table.safetensors"), seed: 1);
        ModelSamples.SaveNetwork(folder.File("network.safetensors"), seed: 1);
        using Serving table = new(folder.File("table.safetensors")), network = new(folder.File("network.safetensors"));
        Assert.Contains("There are 4 features; there must be 3 for each row.",
            Assert.Throws<ArgumentException>(() => network.Model.Predict(new float[4], new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("There is room for 3 outputs; 1 rows have 2.",
            Assert.Throws<ArgumentException>(() => network.Model.Predict(new float[3], new float[3])).Message, StringComparison.Ordinal);
        Assert.Contains("network without a table's columns", Assert.Throws<InvalidOperationException>(() => network.Model.CreatePredictor(Person.Mapping)).Message, StringComparison.Ordinal);
        Assert.Contains("is one of a table", Assert.Throws<InvalidOperationException>(() => table.Model.Predict(new float[3], new float[2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => table.Model.Predict(new double[3], new double[2]));
        Assert.Throws<ArgumentException>(() => table.Model.Predict(new double[4], new double[3]));
    }

    [Fact]
    public void Predict_IntoMemoryOfTheCaller_AllocatesNothing()
    {
        using TemporaryFolder folder = new();
        ModelSamples.SaveTable(folder.File("table.safetensors"), seed: 1);
        ModelSamples.SaveNetwork(folder.File("network.safetensors"), seed: 1);
        using Serving table = new(folder.File("table.safetensors")), network = new(folder.File("network.safetensors"));
        ServedPredictor<Person> predictor = table.Model.CreatePredictor(Person.Mapping);
        Person person = ModelSamples.People[1];
        Dictionary<string, object?> dictionary = person.ToDictionary();
        string?[] texts = Texts(person);
        double[] numbers = [31.5, double.NaN, double.NaN, 1609459200], values = new double[2];
        float[] features = new float[30], outputs = new float[20];
        Action[] calls =
        [
            () => predictor.Predict(person, values),
            () => table.Model.Predict(dictionary, values),
            () => table.Model.Predict(texts, values),
            () => table.Model.Predict(numbers, values),
            () => network.Model.Predict(features, outputs),
        ];
        Assert.All(calls, call =>
        {
            call();
            Assert.Equal(0, Allocation.Of(() => Repeat(call)));
        });
    }

    [Fact]
    public void Model_Disposed_AnswersNoMore()
    {
        using TemporaryFolder folder = new();
        ModelSamples.SaveTable(folder.File("model.safetensors"), seed: 1);
        Serving serving = new(folder.File("model.safetensors"));
        ModelLease lease = serving.Model.Acquire();
        serving.Dispose();
        Assert.Throws<ObjectDisposedException>(() => serving.Model.Predict(new double[4], new double[2]));
        lease.Version.Table!.Predict(new double[4], new double[2]); // a call that is still running
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Version.Table!.Predict(new double[4], new double[2]));
    }

    private static string?[] Texts(Person person) =>
    [
        person.Age?.ToString(System.Globalization.CultureInfo.InvariantCulture), person.Job, person.Member?.ToString(),
        person.Since?.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
    ];

    private static void Repeat(Action call)
    {
        for (int i = 0; i < 100; i++) call();
    }
}
