// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>Records the predictions of a network for the test rows of a built-in data set.</summary>
internal static class NetworkRecorder
{
    private const int MostMistakes = 24;

    /// <param name="mlp">The network.</param>
    /// <param name="test">The rows, preprocessed like the training rows.</param>
    /// <param name="order">The order of the values of a colour image in a row.</param>
    /// <param name="threads">The number of worker threads; 0 for the default.</param>
    public static TestRecord Record(Mlp mlp, Dataset test, PixelOrder order, int threads)
    {
        double[] scores = Array.ConvertAll(mlp.PredictProbabilities(test.AsBatch(), threads), score => (double)score);
        int[] answers = mlp.PredictClasses(test.AsBatch(), threads);
        string[] names = [.. Enumerable.Range(0, test.Classes).Select(number => NameOf(test, number))];
        TestRecord record = new()
        {
            Task = test.Classes == 2 ? TableTask.Binary : TableTask.Multiclass,
            Names = names,
            Scores = scores,
            Classes = test.Labels.ToArray(),
            Answers = answers,
            RowsSha256 = Fingerprint(test),
            Columns = IsPicture(test) ? [] : ColumnsOf(test),
            Region = test is { Features: 2, IsBytes: false } ? RegionOf(mlp, test) : null,
        };
        int[] worst = Worst.Answers(record, MostMistakes);
        return record with { Mistakes = [.. worst.Select(row => MistakeAt(record, test, row, order))] };
    }

    private static string NameOf(Dataset test, int number) =>
        test.ClassNames.Count > 0 ? test.ClassNames[number] : number.ToString(CultureInfo.InvariantCulture);

    private static string[] ColumnsOf(Dataset test) => test.FeatureNames.Count > 0 ? [.. test.FeatureNames]
        : [.. Enumerable.Range(1, test.Features).Select(number => string.Create(CultureInfo.InvariantCulture, $"x{number}"))];

    private static bool IsPicture(Dataset test) => test.IsBytes && PictureRows.IsPicture(test.Features);

    private static string Fingerprint(Dataset test)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(test.Name + "\n"));
        foreach (int label in test.Labels)
            hash.AppendData([(byte)label, (byte)(label >> 8), (byte)(label >> 16), (byte)(label >> 24)]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Mistake MistakeAt(TestRecord record, Dataset test, int row, PixelOrder order)
    {
        int answer = record.Answers[row];
        bool picture = IsPicture(test);
        return new Mistake(row, record.Names[record.Classes[row]], answer == Mlp.NoClass ? "none" : record.Names[answer], answer == Mlp.NoClass ? 0 : record[row][answer],
            picture ? [] : [.. Enumerable.Range(0, test.Features).Select(j => Format.Real(ValueAt(test, row, j)))],
            picture ? PictureRows.ColoursLast(test.Bytes.Slice(row * test.Features, test.Features), order) : []);
    }

    private static double ValueAt(Dataset test, int row, int column) =>
        test.IsBytes ? test.Bytes[(row * test.Features) + column] : test.Values[(row * test.Features) + column];

    private static Region RegionOf(Mlp mlp, Dataset test)
    {
        Plane plane = new([.. test.Values.ToArray().Select(value => (double)value)]);
        float[] centers = Array.ConvertAll(plane.Centers(), value => (float)value);
        Dataset cells = Dataset.FromFloats(test.Name, centers, test.Features, new int[centers.Length / 2], test.Classes).WithNormalization(test.Mean, test.Scale);
        return plane.ToRegion(ColumnsOf(test), mlp.PredictClasses(cells.AsBatch()), test.Labels.ToArray());
    }
}
