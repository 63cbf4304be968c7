// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>All figures of a run.</summary>
internal static class RunFigures
{
    public static IReadOnlyList<Figure> Of(RunRecord run)
    {
        TestRecord? test = run.Test;
        IEnumerable<Figure?> ofTest = test is null ? [] : [ConfusionFigure.Of(test), .. ScoreFiguresOf(test), .. test.Task == Tables.TableTask.Regression ? RegressionFigures.Of(test) : [], ImportanceFigure.Of(test), PictureFigures.Region(test)];
        return [.. CurveFigures.Of(run.History), .. ofTest.OfType<Figure>(), .. new[] { PictureFigures.Weights(run.Model) }.OfType<Figure>()];
    }

    private static IEnumerable<Figure> ScoreFiguresOf(TestRecord test) => test.Task == Tables.TableTask.Regression ? [] : ScoreFigures.Of(test);
}
