// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The ROC curve and the precision-recall curve of one class: what becomes of its rows and of the others as the
/// threshold on its score falls.</summary>
internal sealed class ScoreCurves
{
    private ScoreCurves(IReadOnlyList<(double, double)> roc, IReadOnlyList<(double, double)> precision, RankedScores areas) =>
        (Roc, PrecisionRecall, Areas) = (roc, precision, areas);

    /// <summary>The false positive rate and the true positive rate at each threshold, from (0, 0) to (1, 1).</summary>
    public IReadOnlyList<(double X, double Y)> Roc { get; }

    /// <summary>The recall and the precision at each threshold that changes the recall, in ascending order; there is no point at recall 0. The curve is a staircase: up to a
    /// point's recall, the precision is that of the point.</summary>
    public IReadOnlyList<(double X, double Y)> PrecisionRecall { get; }

    /// <summary>The areas under the two curves.</summary>
    public RankedScores Areas { get; }

    /// <returns>The curves; null if they are undefined: a score is NaN, or there are no rows of the class, or no others.</returns>
    public static ScoreCurves? Of(double[] scores, bool[] positive, double[] weights)
    {
        if (ScoreRanking.Of(scores, positive) is not { } ranking || scores.Length == 0) return null;
        RowWeights ofRows = new(weights, positive.Length);
        List<(double Wrong, double Right)> counts = ranking.Accumulate(ofRows);
        (double wrong, double right) = counts[^1];
        return right > 0 && wrong > 0 ? new ScoreCurves(RocOf(counts, wrong, right), PrecisionOf(counts, right), ranking.Measure(ofRows)) : null;
    }

    private static List<(double, double)> RocOf(List<(double Wrong, double Right)> counts, double wrong, double right) =>
        [(0, 0), .. counts.Select(count => (count.Wrong / wrong, count.Right / right))];

    private static List<(double, double)> PrecisionOf(List<(double Wrong, double Right)> counts, double right)
    {
        List<(double X, double Y)> points = [];
        double reached = 0;
        foreach ((double wrong, double found) in counts)
        {
            if (found <= reached) continue;
            reached = found;
            points.Add((found / right, found / (found + wrong)));
        }

        return points;
    }
}
