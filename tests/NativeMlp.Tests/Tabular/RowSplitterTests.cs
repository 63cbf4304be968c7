// SPDX-License-Identifier: MIT
using NativeMlp.Tabular.Training;

namespace NativeMlp.Tests.Tabular;

/// <summary>How rows are parted.</summary>
public sealed class RowSplitterTests
{
    private static readonly int[] s_rows = [.. Enumerable.Range(0, 1000)];

    [Theory]
    [InlineData(0.15)]
    [InlineData(0.5)]
    [InlineData(0.001)]
    public void Hold_Classes_TakesTheSamePartOfEach(double fraction)
    {
        int[] classes = Array.ConvertAll(s_rows, row => row % 10 == 0 ? 2 : row % 3 == 0 ? 1 : 0);

        (int[] kept, int[] held) = new RowSplitter(3, classes).Hold(s_rows, fraction);

        Assert.Equal(s_rows, kept.Concat(held).Order());
        Assert.Equal((int)(1000 * fraction), held.Length);
        foreach (int label in (int[])[0, 1, 2])
            Assert.InRange(held.Count(row => classes[row] == label), (fraction * classes.Count(c => c == label)) - 1, (fraction * classes.Count(c => c == label)) + 1);
    }

    [Fact]
    public void Hold_ClassOfOneRow_KeepsIt()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            int[] classes = Array.ConvertAll(s_rows, row => row < 4 ? row : 4);

            Assert.Equal([0, 1, 2, 3], new RowSplitter(seed, classes).Hold(s_rows, 0.9).Kept.Where(row => row < 4));
        }
    }

    [Fact]
    public void Hold_OtherSeedOrSecondCall_TakesOtherRows()
    {
        RowSplitter splitter = new(3, null), same = new(3, null), other = new(4, null);

        int[] first = splitter.Hold(s_rows, 0.5).Held;

        Assert.Equal(first, same.Hold(s_rows, 0.5).Held);
        Assert.NotEqual(first, splitter.Hold(s_rows, 0.5).Held);
        Assert.NotEqual(first, other.Hold(s_rows, 0.5).Held);
    }

    [Fact]
    public void HoldAndFolds_Groups_StayTogether()
    {
        int[] groups = Array.ConvertAll(s_rows, row => row * row % 37);

        (int[] kept, int[] held) = new RowSplitter(3, null, groups).Hold(s_rows, 0.2);
        int[][] folds = new RowSplitter(3, null, groups).Folds(s_rows, 4);

        Assert.Empty(held.Select(row => groups[row]).Intersect(kept.Select(row => groups[row])));
        Assert.InRange(held.Length, 100, 200);
        Assert.Equal(s_rows, folds.SelectMany(fold => fold).Order());
        Assert.Equal(groups.Distinct().Count(), folds.Sum(fold => fold.Select(row => groups[row]).Distinct().Count()));
    }

    [Fact]
    public void Hold_Times_TakesTheLatest()
    {
        double[] times = Array.ConvertAll(s_rows, row => (double)(row * 7 % 1000));

        int[] held = new RowSplitter(3, null, null, times).Hold(s_rows, 0.1).Held;

        Assert.Equal(s_rows.Where(row => times[row] >= 900), held);
    }

    [Fact]
    public void Folds_Classes_AreSpreadEvenly()
    {
        int[] classes = Array.ConvertAll(s_rows, row => row % 10 == 0 ? 1 : 0);

        int[][] folds = new RowSplitter(3, classes).Folds(s_rows, 7);

        Assert.Equal(s_rows, folds.SelectMany(fold => fold).Order());
        Assert.All(folds, fold => Assert.InRange(fold.Count(row => classes[row] == 1), 14, 15));
        Assert.All(folds, fold => Assert.InRange(fold.Length, 142, 143));
    }
}
