// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests;

/// <summary>Normalisation with a mean and a scale for each column.</summary>
public sealed class ColumnScaleTests
{
    private const int Rows = 12, Inputs = 19;

    private static readonly float[] Floats = TestData.Normal(3, Rows * Inputs);
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, Rows * Inputs).Select(i => (byte)(i * 37))];
    private static readonly float[] Mean = TestData.Normal(4, Inputs), Scales = TestData.Normal(5, Inputs);
    private static readonly int[] Labels = TestData.Labels(Rows, 2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TrainStep_WithScales_IsThatOnPreparedRows(bool bytes)
    {
        // (x - mean) * scale, each of the two operations rounded to float.
        float[] ready = [.. Enumerable.Range(0, Rows * Inputs).Select(i => (float)((double)(float)((bytes ? Bytes[i] : (double)Floats[i]) - Mean[i % Inputs]) * Scales[i % Inputs]))];
        Batch raw = (bytes ? Batch.FromRows(Bytes, Rows, Labels) : Batch.FromRows(Floats, Rows, Labels)) with { Mean = Mean, Scales = Scales };
        var prepared = Batch.FromRows(ready, Rows, Labels);
        using Mlp expected = Make(), actual = Make();
        for (int step = 0; step < 3; step++)
            Assert.Equal(expected.TrainStep(prepared, Optimizer.Adam()), actual.TrainStep(raw, Optimizer.Adam()));
        Assert.Equal(TestData.Parameters(expected), TestData.Parameters(actual));
        Assert.Equal(expected.Predict(prepared), actual.Predict(raw));
    }

    [Fact]
    public void Batch_OfADataset_CarriesItsScales()
    {
        Dataset data = Dataset.FromFloats("rows", Floats, Inputs, Labels, 2);
        Dataset scaled = data.WithNormalization(Mean, Scales);
        Assert.Equal(Scales, scaled.AsBatch().Scales.ToArray());
        Assert.Equal(Mean, scaled.Slice(2, 5).AsBatch().Mean.ToArray());
        Assert.Equal(Scales, scaled.Slice(2, 5).Scales.ToArray());
        Assert.Equal(1, scaled.Scale);
        Dataset again = scaled.WithNormalization(Mean, 0.5f);
        Assert.Equal((0, 0.5f), (again.Scales.Length, again.Scale));
        Assert.ThrowsAny<ArgumentException>(() => data.WithNormalization(Mean, Scales.AsSpan(1)));
    }

    [Fact]
    public void Scales_ThatDoNotFit_AreRefused()
    {
        using Mlp mlp = Make();
        Assert.Contains("batch.Scales", Refused(mlp, Scales[1..], 0), StringComparison.Ordinal);
        Assert.Contains("batch.Scale is 2", Refused(mlp, Scales, 2), StringComparison.Ordinal);
        float[] infinite = [.. Scales];
        infinite[7] = float.PositiveInfinity;
        Assert.Contains("batch.Scales[7]", Refused(mlp, infinite, 1), StringComparison.Ordinal);
    }

    private static string Refused(Mlp mlp, float[] scales, float scale) =>
        Assert.ThrowsAny<ArgumentException>(() => mlp.Predict(Batch.FromRows(Floats, Rows) with { Scales = scales, Scale = scale })).Message;

    private static Mlp Make() => new(new MlpOptions { Inputs = Inputs, Hidden = [5], Outputs = 2, MaxBatch = Rows });
}
