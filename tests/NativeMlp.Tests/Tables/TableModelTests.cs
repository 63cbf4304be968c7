// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Tables;

/// <summary>Models of tables: their files and their answers.</summary>
public sealed class TableModelTests
{
    private static readonly TableSchema s_schema = Person.Mapping.ToSchema(TableTask.Binary, "answer") with { MissingMarks = ["?"] };

    [Fact]
    public void Predict_TableDictionaryAndRecord_GiveTheSameBits()
    {
        using TableModel model = Model(networks: 2);
        Person[] people = Person.Some(600);
        RowPredictor<Person> predictor = model.CreatePredictor(Person.Mapping);
        double[] values = new double[2];

        TablePredictions all = model.Predict(Person.Mapping.ToTable(people), threads: 3);

        for (int i = 0; i < people.Length; i++)
        {
            predictor.Predict(people[i], values);
            Assert.Equal(all[i].ToArray(), values);
            Assert.Equal(all[i].ToArray(), predictor.Predict(people[i]).Values.ToArray());
            Assert.Equal(all[i].ToArray(), model.Predict(people[i].ToDictionary()).Values.ToArray());
        }
    }

    [Fact]
    public void Predict_NumbersAndDatesAsText_AreThoseNumbersAndDates()
    {
        using TableModel model = Model();
        Person person = new(31.5, "cook", true, new DateTime(2020, 3, 1, 12, 0, 0), "");

        TablePrediction prediction = model.Predict(new Dictionary<string, object?> { ["age"] = " 31.50", ["job"] = "cook", ["member"] = "TRUE", ["since"] = "2020-03-01 12:00", ["other"] = 1 });

        Assert.Equal(model.Predict(person.ToDictionary()).Values.ToArray(), prediction.Values.ToArray());
        Assert.Equal((0, 0), (prediction.Missing, prediction.Unknown));
    }

    [Fact]
    public void Predict_MissingAndUnknownValues_CountsThem()
    {
        using TableModel model = Model();
        Table table = new([
            TextColumn.FromValues("age", ["31", "old", "?", null]), TextColumn.FromValues("job", ["cook", "pilot", "?", "clerk"]),
            TextColumn.FromValues("member", ["true", "no", "maybe", null]), TextColumn.FromValues("since", ["2020-01-01", "yesterday", "", "?"])]);

        TablePredictions predictions = model.Predict(table);

        Assert.Equal([new CellCounts("age", 2, 1), new CellCounts("job", 1, 1), new CellCounts("member", 1, 1), new CellCounts("since", 1, 2)], predictions.Cells);
        Assert.All(predictions.Values.ToArray(), value => Assert.InRange(value, 0, 1));
    }

    [Theory]
    [InlineData("-999", -999.0, null)]
    [InlineData("-9,5", -9.5, ',')]
    public void Predict_NumberThatStandsForAMissingValue_IsMissingHoweverItIsGiven(string mark, double number, char? separator)
    {
        Person[] people = Person.Some(400);
        int[] rows = [.. Enumerable.Range(0, 400)];
        Table table = Person.Mapping.ToTable(people.Select(person => person with { Age = person.Age ?? number }));
        TableSchema schema = s_schema with { MissingMarks = [mark], DecimalSeparator = separator };
        TableEncoding encoding = TableEncoding.Fit(table, schema, rows);
        using TableModel model = new(encoding, TableLabels.Fit(table, schema, rows), [new Mlp(new MlpOptions { Inputs = encoding.Inputs, Outputs = 2 })]);

        Dictionary<string, object?> row = people[0].ToDictionary();
        double[] expected = model.Predict(row).Values.ToArray();

        Assert.Contains("age is missing", encoding.InputNames);
        foreach (object value in (object[])[number, number, mark, $" {mark} "])
        {
            row["age"] = value;
            Assert.Equal(expected, model.Predict(row).Values.ToArray());
        }

        Assert.Equal(expected, model.CreatePredictor(Person.Mapping).Predict(people[0] with { Age = number }).Values.ToArray());
    }

    [Fact]
    public void Predict_SeveralNetworks_GivesTheMeanOfTheirProbabilities()
    {
        using TableModel model = Model(networks: 3);
        Table table = Person.Mapping.ToTable(Person.Some(50));
        float[] inputs = model.Encoding.Encode(table, Enumerable.Range(0, 50).ToArray());

        TablePredictions predictions = model.Predict(table);

        double[] sums = new double[100];
        foreach (Mlp network in model.Networks)
        {
            float[] probabilities = network.PredictProbabilities(Batch.FromRows(inputs, 50));
            for (int i = 0; i < sums.Length; i++) sums[i] += probabilities[i];
        }

        Assert.Equal(Array.ConvertAll(sums, sum => sum / 3), predictions.Values.ToArray());
    }

    [Fact]
    public void ClassOf_ProbabilityOfThePositiveClass_IsComparedWithTheThreshold()
    {
        using TableModel model = Model();
        Person person = Person.Some(1)[0];
        double probability = model.Predict(person.ToDictionary())["yes"];

        model.Threshold = probability;
        Assert.Equal("no", model.Predict(person.ToDictionary()).Class);
        model.Threshold = double.BitDecrement(probability);
        Assert.Equal("yes", model.Predict(person.ToDictionary()).Class);
    }

    [Fact]
    public void Predict_RowOfARecord_AllocatesNothing()
    {
        using TableModel model = Model();
        RowPredictor<Person> predictor = model.CreatePredictor(Person.Mapping);
        Person[] people = Person.Some(64);
        double[] values = new double[2];

        long allocated = Allocation.Of(() =>
        {
            foreach (Person person in people) predictor.Predict(person, values);
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Load_SavedModel_AnswersWithTheSameBits()
    {
        using TemporaryFolder folder = new();
        using TableModel model = Model(networks: 2);
        Table table = Person.Mapping.ToTable(Person.Some(100));
        model.Threshold = 0.3;

        model.Save(folder.File("model"));
        using TableModel loaded = TableModel.Load(folder.File("model"));

        Assert.Equal(model.Predict(table).Values.ToArray(), loaded.Predict(table).Values.ToArray());
        Assert.Equal(0.3, loaded.Threshold);
        Assert.Equal(model.Labels.Names, loaded.Labels.Names);
        Assert.Equal(model.Schema.Features, loaded.Schema.Features);
        Assert.Equal(["?"], loaded.Schema.MissingMarks);
        loaded.Save(folder.File("again"));
        Assert.Equal(File.ReadAllBytes(folder.File("model")), File.ReadAllBytes(folder.File("again")));
    }

    [Fact]
    public void Load_RegressionModel_AnswersInTheUnitsOfTheTargets()
    {
        using TemporaryFolder folder = new();
        Table table = new([new NumberColumn("x", new double[] { 0, 1, 2, 3 }), new NumberColumn("y", new double[] { 1e9, 1e9 + 2, 1e9 + 4, 1e9 + 6 })]);
        TableSchema schema = new() { Features = [new FeatureColumn("x", ColumnType.Number)], Labels = ["y"], Task = TableTask.Regression };
        TableEncoding encoding = TableEncoding.Fit(table, schema, [0, 1, 2, 3]);
        Mlp network = new(new MlpOptions { Inputs = 1, Outputs = 1, Loss = Loss.MeanSquaredError });
        network.WriteWeights(0, [1]); // standardised y is standardised x
        using (TableModel model = new(encoding, TableLabels.Fit(table, schema, [0, 1, 2, 3]), [network])) model.Save(folder.File("model"));

        using TableModel loaded = TableModel.Load(folder.File("model"));

        Assert.Equal(1e9 + 4, loaded.Predict(new Dictionary<string, object?> { ["x"] = 2 })["y"], 1e-6);
    }

    [Fact]
    public void Load_FileOfANewerVersion_NamesTheVersions()
    {
        using TemporaryFolder folder = new();
        SafeTensorsFile file = Saved(folder);
        new SafeTensorsFile(file.Tensors, new Dictionary<string, string>(file.Metadata) { ["table_version"] = "2" }).Write(folder.File("model"));

        DataFormatException e = Assert.Throws<DataFormatException>(() => TableModel.Load(folder.File("model")));

        Assert.EndsWith("its table_version is 2; this program reads versions up to 1: use a newer NativeMlp.", e.Message);
    }

    [Fact]
    public void Load_FileOfWhichOneByteChanged_IsRefused()
    {
        using TemporaryFolder folder = new();
        Saved(folder);
        byte[] bytes = File.ReadAllBytes(folder.File("model"));
        bytes[^3] ^= 1;

        DataFormatException e = Assert.Throws<DataFormatException>(() => TableModel.Load(folder.Write("bad", bytes)));

        Assert.Contains("its contents have another SHA-256", e.Message);
    }

    [Fact]
    public void Save_Model_StatesTheHashOfTheFileWithZerosForItsDigits()
    {
        using TemporaryFolder folder = new();
        string stated = Saved(folder).Metadata["content_sha256"];
        byte[] bytes = File.ReadAllBytes(folder.File("model"));

        int place = Encoding.Latin1.GetString(bytes).IndexOf(stated, StringComparison.Ordinal);
        bytes.AsSpan(place, 64).Fill((byte)'0');

        Assert.Equal(stated, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
    }

    [Theory]
    [InlineData("\"threshold\":0.5", "\"threshold\":7", "damaged")]
    [InlineData(",\"threshold\":0.5", "", "damaged")]
    [InlineData("\"kind\":\"number\"", "\"kind\":\"other\"", "damaged")]
    [InlineData("\"labels\":{", "\"labels\":null,\"x\":{", "damaged")]
    [InlineData("\"clerk\",", "", "inputs")]
    public void Load_DamagedDescription_IsRefused(string found, string instead, string expected)
    {
        using TemporaryFolder folder = new();
        SafeTensorsFile file = Saved(folder);
        string table = file.Metadata["table"];
        Assert.Contains(found, table);
        new SafeTensorsFile(file.Tensors, new Dictionary<string, string>(file.Metadata) { ["table"] = table.Replace(found, instead) }).Write(folder.File("model"));

        DataFormatException e = Assert.Throws<DataFormatException>(() => TableModel.Load(folder.File("model")));

        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public void Load_CheckpointWithoutATable_SaysSo()
    {
        using TemporaryFolder folder = new();
        using (Mlp mlp = new(new MlpOptions { Inputs = 2, Outputs = 2 })) Checkpoint.Save(mlp, folder.File("model"));

        DataFormatException e = Assert.Throws<DataFormatException>(() => TableModel.Load(folder.File("model")));

        Assert.Contains("do not describe the columns of a table", e.Message);
    }

    [Fact]
    public void CreatePredictor_MappingWithoutAColumn_NamesIt()
    {
        using TableModel model = Model();

        ArgumentException e = Assert.Throws<ArgumentException>(() => model.CreatePredictor(new RowMapping<Person>().Number("age", person => person.Age)));

        Assert.Equal("The columns 'job', 'member', 'since' are required but missing; there is 'age'.", e.Message);
    }

    private static SafeTensorsFile Saved(TemporaryFolder folder)
    {
        using TableModel model = Model();
        model.Save(folder.File("model"));
        return SafeTensorsFile.Read(folder.File("model"));
    }

    // Networks that have not been trained answer as well as others do.
    private static TableModel Model(int networks = 1)
    {
        Table table = Person.Mapping.ToTable(Person.Some(400));
        int[] rows = [.. Enumerable.Range(0, 400)];
        TableEncoding encoding = TableEncoding.Fit(table, s_schema, rows, new TableEncodingOptions { Quantiles = true });
        return new TableModel(encoding, TableLabels.Fit(table, s_schema, rows),
            [.. Enumerable.Range(1, networks).Select(seed => new Mlp(new MlpOptions { Inputs = encoding.Inputs, Hidden = [32, 16], Outputs = 2, Seed = (ulong)seed }))]);
    }
}
