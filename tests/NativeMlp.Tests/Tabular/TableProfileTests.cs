// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.Json;
using NativeMlp.Data;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Tabular;

/// <summary>What is found out about the columns of a table.</summary>
public sealed class TableProfileTests
{
    private static readonly string[] s_cities = ["Rome", "Oslo", "Bern"];

    [Theory]
    [InlineData("2.5,1,3,8", ColumnRole.Feature, ColumnType.Number)]
    [InlineData("0,1,0,1", ColumnRole.Feature, ColumnType.Boolean)]
    [InlineData("1,2,1,2", ColumnRole.Feature, ColumnType.Number)]
    [InlineData("yes,no,yes,?", ColumnRole.Feature, ColumnType.Boolean)]
    [InlineData("red,blue,red,green", ColumnRole.Feature, ColumnType.Category)]
    [InlineData("red,?,red,?", ColumnRole.Feature, ColumnType.Category)]
    [InlineData("2024-01-31,2024-02-01 12:30,?,31.12.2024", ColumnRole.Feature, ColumnType.Date)]
    [InlineData("7,7,7,7", ColumnRole.LeftOut, null)]
    [InlineData("?,,NA,-", ColumnRole.LeftOut, null)]
    public void Of_AColumn_FindsItsType(string cells, ColumnRole role, ColumnType? type)
    {
        ColumnProfile column = Profile("c", Repeat(cells.Split(','), 5)).Columns[0];
        Assert.Equal((role, type), (column.Role, column.Type));
        Assert.NotEmpty(column.Reason);
    }

    [Fact]
    public void Of_RowNumbersAndIdentifiers_LeavesThemOut()
    {
        Assert.Contains("it only numbers the rows, from 17", LeftOut("n", Cells(30, row => row + 17)), StringComparison.Ordinal);
        Assert.Contains("the name suggests an identifier", LeftOut("user_id", Cells(30, row => 1000 + (row * 7919 % 1009))), StringComparison.Ordinal);
        Assert.Contains("the name suggests an identifier", LeftOut("customerId", Cells(30, row => $"c{row * row}")), StringComparison.Ordinal);
        Assert.Contains("30 different values in 30 rows", LeftOut("comment", Cells(30, row => $"text {row}")), StringComparison.Ordinal);
        Assert.Equal(ColumnRole.Feature, Profile("humid", Cells(30, row => 1000 + (row * 7919 % 1009))).Columns[0].Role);
        Assert.Equal(ColumnRole.Feature, Profile("n", Cells(30, row => row * 2)).Columns[0].Role);
    }

    [Fact]
    public void Of_AnUnnamedIndex_LeavesItOut()
    {
        string text = ",x,label\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{(row * 17 % 40) + 3},{row % 5},{row % 2}\n"));
        TableFile file = TableText.Read(text);
        Assert.Equal(["Column 1 has no name in the header; its name is column1."], file.Notes);
        Assert.Equal(ColumnRole.LeftOut, TableProfile.Of(file).Columns[0].Role);
    }

    [Theory]
    [InlineData("0,1", 40, TableTask.Binary)]
    [InlineData("yes,no", 40, TableTask.Binary)]
    [InlineData("1,2,3", 40, TableTask.Multiclass)]
    [InlineData("3,4,5,6,7,8", 40, TableTask.Multiclass)]
    [InlineData("a,b,c", 40, TableTask.Multiclass)]
    [InlineData("0.5,1", 40, TableTask.Regression)]
    [InlineData("2019,2020,2021", 40, TableTask.Regression)]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21", 210, TableTask.Regression)]
    [InlineData("1,2,3,4,5,6,7", 14, TableTask.Regression)]
    public void Of_ALabel_FindsTheTask(string values, int rows, TableTask task)
    {
        string[] all = values.Split(',');
        TableProfile profile = Profile("c", Cells(rows, row => all[row % all.Length]), new() { Labels = ["c"] });
        Assert.Equal(task, profile.Task);
        Assert.Contains("because 'c' has", profile.TaskReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TheYearsAndPricesOfHouses_IsARegression()
    {
        Assert.Equal(TableTask.Regression, OfShared("cases/28-a-year-for-a-label/houses.csv", "year_built").Task);
        Assert.Equal(TableTask.Regression, OfShared("cases/28-a-year-for-a-label/prices.csv", "price").Task);
    }

    [Fact]
    public void Of_Titanic_NamesTheLeak()
    {
        TableProfile profile = OfShared("data/tabular/titanic.csv", "survived");
        Assert.Equal(["alive"], profile.Columns.Where(column => column.Warning is not null).Select(column => column.Name));
        Assert.Equal((TableTask.Binary, 177, 88), (profile.Task, Column(profile, "age").Missing, Column(profile, "age").Distinct));
        Assert.Equal((688, ColumnType.Category), (Column(profile, "deck").Missing, Column(profile, "deck").Type));
        Assert.Equal(ColumnType.Boolean, Column(profile, "adult_male").Type);
        Assert.Equal(14, profile.ToSchema().Features.Count);
    }

    [Fact]
    public void Of_Mpg_LeavesTheNamesOut()
    {
        TableProfile profile = OfShared("data/tabular/mpg.csv", "mpg");
        Assert.Equal(["name"], profile.Columns.Where(column => column.Role == ColumnRole.LeftOut).Select(column => column.Name));
        Assert.Equal((TableTask.Regression, 6), (profile.Task, Column(profile, "horsepower").Missing));
    }

    [Theory]
    [InlineData("adult.csv.gz", "label", 14)]
    [InlineData("breast_cancer.csv", "label", 30)]
    [InlineData("iris.csv", "label", 4)]
    [InlineData("diabetes.csv", "target", 10)]
    public void Of_ARealTable_UsesEveryColumnWithoutSuspicion(string file, string label, int features)
    {
        TableProfile profile = OfShared($"data/tabular/{file}", label);
        Assert.Equal(features, profile.ToSchema().Features.Count);
        Assert.All(profile.Columns, column => Assert.Null(column.Warning));
    }

    [Fact]
    public void Of_LeaksOfEachKind_NamesThem()
    {
        var random = new Random(1);
        double[] value = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
        string text = "noise,copy,price,line,label\n" + string.Concat(value.Select((v, row) => string.Create(CultureInfo.InvariantCulture,
            $"{random.NextDouble():R},{(v > 0.4 ? 3 : 5) + (v / 100):R},{v:R},{2 - (3 * v):R},{(v > 0.4 ? "a" : "b")}\n")));
        TableFile file = TableText.Read(text);
        Assert.Equal(["copy", "price", "line"], Suspected(TableProfile.Of(file, new() { Labels = ["label"] })));
        Assert.Equal(["line"], Suspected(TableProfile.Of(file, new() { Labels = ["price"], Ignore = ["label"] })));
    }

    [Fact]
    public void Of_ColumnsThatOptionsName_FollowsThem()
    {
        string text = "id,n,c,b,d,w,g,x,label\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"{row},7,{row},{row % 3},{row}.5,1,{row % 4},z,{row % 2}\n"));
        TableProfile profile = TableProfile.Of(TableText.Read(text), new()
        {
            Labels = ["label"],
            Ids = ["id"],
            Numeric = ["n", "label"],
            Categorical = ["c"],
            Boolean = ["b"],
            Date = ["d"],
            Weight = "w",
            Group = "g",
            Ignore = ["x"],
        });
        Assert.Equal("Id Feature Feature Feature Feature Weight Group LeftOut Label", string.Join(' ', profile.Columns.Select(column => column.Role)));
        TableSchema schema = profile.ToSchema(["?"]);
        Assert.Equal([new("n", ColumnType.Number), new("c", ColumnType.Category), new("b", ColumnType.Boolean), new FeatureColumn("d", ColumnType.Date)], schema.Features);
        Assert.Equal((TableTask.Regression, "w", "label"), (schema.Task, schema.Weight, Assert.Single(schema.Labels)));
        Assert.Equal(["?"], schema.MissingMarks);
    }

    [Fact]
    public void Of_SeveralLabels_AreOutputsOrYesAndNo()
    {
        string text = "x,p,q\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"{row % 7},{row % 2},{row % 3 / 2}\n"));
        Assert.Equal(TableTask.Regression, TableProfile.Of(TableText.Read(text), new() { Labels = ["p", "q"] }).Task);
        Assert.Equal(TableTask.Multilabel, TableProfile.Of(TableText.Read(text), new() { Labels = ["p", "q"], Multilabel = true }).Task);
    }

    [Theory]
    [InlineData("nolabel", "", "There is no column 'nolabel' (--label); the columns are 'c', 'x'")]
    [InlineData("c", "c", "Column 'c' is given by --ignore and by another option")]
    [InlineData("x", "", "The label 'x' has only the value '1'")]
    public void Of_OptionsThatCannotBe_SaysWhatToDo(string label, string ignore, string message)
    {
        TableFile file = TableText.Read("c,x\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"{row % 2},1\n")));
        var e = Assert.Throws<ArgumentException>(() => TableProfile.Of(file, new() { Labels = [label], Ignore = ignore.Length > 0 ? [ignore] : [] }));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12 %", "$7", "--units")]
    [InlineData("\"1,200\"", "\"3,400\"", "--thousands ,")]
    [InlineData("1.200.000 €", "3.400 €", "--units with --thousands . and --decimal ,")]
    public void Of_NumbersWithSigns_NamesTheOptionThatReadsThem(string one, string two, string option)
    {
        string[] both = [one, two];
        TableProfile profile = TableProfile.Of(TableText.Read("c,d\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{both[row % 2]},{row % 5}\n"))));
        Assert.Contains($"can be read as numbers with {option};", profile.Columns[0].Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NumbersWithPointsBetweenGroups_NamesNoOptionThatDoesNotReadThem()
    {
        string text = "c;d\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{1 + (row % 7)}.200;{row % 5},5\n"));
        TableProfile profile = TableProfile.Of(TableText.Read(text, new() { DecimalSeparator = ',' }));
        Assert.Contains("can be read as numbers with --thousands . (with --decimal ,);", profile.Columns[0].Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3/25/2024,1/2/2024", null, DateOrder.MonthFirst)]
    [InlineData("25-3-2024,1-2-2024", null, DateOrder.DayFirst)]
    [InlineData("3/4/2024,1/2/2024", DateOrder.DayFirst, DateOrder.DayFirst)]
    [InlineData("3/4/2024 5:30 PM,25/12/2023 11:00", null, DateOrder.DayFirst)]
    public void Of_DatesWithAnOrder_FindsIt(string cells, DateOrder? said, DateOrder expected)
    {
        TableProfile profile = TableProfile.Of(TableText.Read("c,label\n" + Rows(cells)), new InferenceOptions { Labels = ["label"], DateOrder = said });
        Assert.Equal((ColumnRole.Feature, ColumnType.Date), (profile.Columns[0].Role, profile.Columns[0].Type));
        Assert.Equal((expected, expected), (profile.DateOrder, profile.ToSchema().DateOrder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_DatesThatMayBeginWithEither_SaysHowToDecide(bool said)
    {
        TableFile file = TableText.Read("c,label\n" + Rows("3/4/2024,1/2/2024"));
        TableProfile profile = TableProfile.Of(file, new InferenceOptions { Labels = ["label"], Date = said ? ["c"] : [] });
        Assert.Equal(ColumnRole.Undecided, profile.Columns[0].Role);
        Assert.Equal("Column 'c': dates such as '3/4/2024' are ambiguous: choose --date-order day-first or --date-order month-first, or leave the column out with --ignore.",
            Assert.Throws<InvalidOperationException>(() => profile.ToSchema()).Message);
    }

    [Fact]
    public void Of_DatesOfTwoColumns_TellForEachOther()
    {
        TableFile file = TableText.Read("a,b,label\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"3/{1 + (row % 4)}/2024,{1 + (row % 12)}/{1 + (row % 28)}/2024,{row % 2}\n")));
        TableProfile profile = TableProfile.Of(file, new InferenceOptions { Labels = ["label"] });
        Assert.Equal((ColumnType.Date, ColumnType.Date, DateOrder.MonthFirst), (profile.Columns[0].Type, profile.Columns[1].Type, profile.DateOrder));
        TableFile both = TableText.Read("a,b,label\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{13 + (row % 9)}/3/2024,3/{13 + (row % 9)}/2024,{row % 2}\n")));
        Assert.StartsWith("The dates of column 'a' begin with the day, but those of column 'b' with the month.",
            Assert.Throws<ArgumentException>(() => TableProfile.Of(both)).Message, StringComparison.Ordinal);
        Assert.Equal(DateOrder.MonthFirst, TableProfile.Of(both, new InferenceOptions { Ignore = ["a"] }).DateOrder); // what is left out decides nothing
    }

    [Fact]
    public void Of_AMistypedColumn_NamesTheNearest()
    {
        TableFile file = TableText.Read("age,income,label\n1,2,0\n3,4,1\n");
        Assert.Equal("There is no column 'lable' (--label); did you mean 'label'? The columns are 'age', 'income', 'label'.",
            Assert.Throws<ArgumentException>(() => TableProfile.Of(file, new InferenceOptions { Labels = ["lable"] })).Message);
        Assert.Equal("There is no column 'x' (--ignore); the columns are 'age', 'income', 'label'.",
            Assert.Throws<ArgumentException>(() => TableProfile.Of(file, new InferenceOptions { Ignore = ["x"] })).Message);
        DataFormatException kinds = Assert.Throws<DataFormatException>(() => TableText.Read("Age,b\n1,2\n", new TableReaderOptions { Columns = new Dictionary<string, CellKind> { ["age"] = CellKind.Number } }));
        Assert.EndsWith("there is no column 'age'; did you mean 'Age'? The columns are 'Age', 'b'.", kinds.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSchema_WhereNothingIsLeft_SaysWhy() => Assert.Contains("There are no features", Assert.Throws<InvalidOperationException>(
        () => Profile("c", Cells(20, row => row % 2), new() { Labels = ["c"] }).ToSchema()).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_NumbersWithAStrayText_SuspectsAMissingMark()
    {
        TableProfile profile = TableProfile.Of(TableText.Read("c,x\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{(row == 30 ? "unknown" : row % 9)},1\n"))));
        Assert.Contains("all but 1 of its 40 values are numbers; the first exception is 'unknown' in line 32", profile.Columns[0].Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OfAProfile_IsJsonWithAllColumns()
    {
        TableFile file = TableText.Read("a;b\n1,5;x\n2;y\n2;?\n");
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) ProfileJson.Write(writer, TableProfile.Of(file, new() { Labels = ["b"] }), file);
        JsonElement json = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal(("csv", ";", ",", "binary", 3), (json.GetProperty("format").GetString(), json.GetProperty("delimiter").GetString(),
            json.GetProperty("decimal").GetString(), json.GetProperty("task").GetString(), json.GetProperty("rows").GetInt32()));
        JsonElement a = json.GetProperty("columns")[0];
        Assert.Equal(("a", "feature", "number", 1.5, 2d), (a.GetProperty("name").GetString(), a.GetProperty("role").GetString(),
            a.GetProperty("type").GetString(), a.GetProperty("minimum").GetDouble(), a.GetProperty("maximum").GetDouble()));
        Assert.Equal("1 of 3 rows have no 'b' and are left out.", json.GetProperty("notes")[0].GetString());
    }

    private static TableProfile Profile(string name, IEnumerable<object> cells, InferenceOptions? options = null) =>
        TableProfile.Of(TableText.Read($"{name},other{name}\n" + string.Concat(cells.Select((cell, row) => $"{cell},{s_cities[row % 3]}\n"))), options is null ? null : options with { Ignore = [$"other{name}"] });

    private static string LeftOut(string name, IEnumerable<object> cells)
    {
        ColumnProfile column = Profile(name, cells).Columns[0];
        Assert.Equal(ColumnRole.LeftOut, column.Role);
        return column.Reason;
    }

    private static IEnumerable<object> Cells<T>(int rows, Func<int, T> cell) => Enumerable.Range(0, rows).Select(row => (object)cell(row)!);

    private static IEnumerable<object> Repeat(string[] cells, int times) => Enumerable.Repeat(cells, times).SelectMany(all => all);

    private static TableProfile OfShared(string name, string label)
    {
        using var folder = new TemporaryFolder();
        return TableProfile.Of(TableReader.Read(SharedTables.PathOf(name, folder)), new() { Labels = [label] });
    }

    private static ColumnProfile Column(TableProfile profile, string name) => profile.Columns.Single(column => column.Name == name);

    private static string Rows(string cells) => string.Concat(Enumerable.Range(0, 40).Select(row => $"{cells.Split(',')[row % 2]},{row % 2}\n"));

    private static IEnumerable<string> Suspected(TableProfile profile) => profile.Columns.Where(column => column.Warning is not null).Select(column => column.Name);
}
