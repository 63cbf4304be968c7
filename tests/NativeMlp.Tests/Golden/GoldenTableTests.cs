// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Golden;

/// <summary>
/// A table that a formula makes, from its text to the file of its model and the answers: the same bytes on every platform, with
/// any number of threads, with the columns in any order and in every culture. The hashes change only with the format of model
/// files or with the arithmetic of training, and the latter never.
/// </summary>
public sealed class GoldenTableTests
{
    private const int Rows = 1200;

    private static readonly string[] s_jobs = ["baker", "smith", "Müller", "İplikçi", "\"cook, chef\"", "?"];

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public void Train_OfClasses_GivesTheAgreedBytes(int threads, bool turned) => Check("label", threads, turned, "classes");

    [Fact]
    public void Train_OfNumbers_GivesTheAgreedBytes() => Check("pay", 2, turned: true, "numbers");

    private static void Check(string label, int threads, bool turned, string name)
    {
        using TemporaryFolder folder = new();
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            string path = folder.File("model.safetensors");
            TableFile file = Read(turned, threads);
            Save(file, label, threads, path);
            using TableModel model = TableModel.Load(path);
            string answers = AgreedHashes.Compute(MemoryMarshal.AsBytes(model.Predict(file.Table, threads).Values));

            Assert.Multiple(
                () => AgreedHashes.Check($"{name}.answers", answers),
                () => AgreedHashes.Check($"{name}.safetensors", AgreedHashes.Compute(File.ReadAllBytes(path))));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static TableFile Read(bool turned, int threads)
    {
        IEnumerable<string[]> records = Enumerable.Range(0, Rows).Select(Record).Prepend(["age", "pay", "part", "job", "member", "day", "seen", "label"]);
        string text = string.Concat(records.Select(cells => string.Join(',', turned ? cells.Reverse() : cells) + "\n"));
        var options = new TableReaderOptions { Threads = threads };
        return TableReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "table", options, TestContext.Current.CancellationToken);
    }

    private static void Save(TableFile file, string label, int threads, string path)
    {
        TableSchema schema = TableProfile.Of(file, new InferenceOptions { Labels = [label] }).ToSchema(file.MissingMarks);
        Assert.Equal([ColumnType.Number, ColumnType.Date, ColumnType.Category, ColumnType.Boolean], schema.Features
            .Where(feature => feature.Name is "age" or "day" or "job" or "member").OrderBy(feature => feature.Name, StringComparer.Ordinal).Select(feature => feature.Type));
        using TableTrainingResult result = TableTrainer.Train(file.Table, schema,
            new TableTrainingOptions { Epochs = 2, Networks = 2, Threads = threads }, cancellationToken: TestContext.Current.CancellationToken);
        result.Model.Save(path);
    }

    // Whole numbers alone decide what is written, so that the text is the same everywhere.
    private static string[] Record(int row)
    {
        uint random = Mix((uint)row), other = Mix(random);
        uint age = 18 + (random % 60), job = random / 64 % 97 % (uint)s_jobs.Length;
        uint pay = (age * 7300) + (job * 41000) + (other % 50000);
        DateTime seen = DateTime.UnixEpoch.AddSeconds(1_700_000_000 + (other % 10_000_000));
        return
        [
            random % 41 == 0 ? "" : Text(age),
            $"{Text(pay / 100)}.{(pay % 100).ToString("00", CultureInfo.InvariantCulture)}",
            other % 13 == 0 ? "-0" : $"-{Text(other % 1000)}.{Text(random % 1000)}e-{Text(random % 9)}",
            s_jobs[job],
            (random + age) % 3 == 0 ? "yes" : "no",
            $"{Text(1 + (other % 12))}/{Text(1 + (random % 28))}/{Text(1990 + (other / 16 % 30))}",
            seen.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
            age + (random % 17) < 40 ? "low" : pay % 3 == 0 ? "middle" : "high",
        ];
    }

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);

    // A permutation of 32-bit numbers without a pattern (the finisher of MurmurHash3).
    private static uint Mix(uint value)
    {
        unchecked
        {
            value = (value ^ (value >> 16)) * 0x85EBCA6B;
            value = (value ^ (value >> 13)) * 0xC2B2AE35;
            return value ^ (value >> 16);
        }
    }
}
