// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>Finds the rows with the worst predictions.</summary>
internal static class Worst
{
    /// <summary>Returns the worst rows. For a regression, these are the rows with the largest errors, where each target is measured in its standard
    /// deviation. For labels, they are the rows whose true labels have the lowest probability. For classes, they are the wrong predictions, sorted by
    /// the probability of the true class.</summary>
    public static int[] Answers(TestRecord record, int most)
    {
        double[] deviations = record.Task == TableTask.Regression ? [.. Enumerable.Range(0, record.Width).Select(name => Deviation(record.Column(record.Targets, name)))] : [];
        return [.. Enumerable.Range(0, record.Rows).Where(row => !record.HasClasses || record.Answers[row] != record.Classes[row])
            .OrderBy(row => record.Task == TableTask.Regression ? -Error(record, row, deviations) : TruthOf(record, row)).ThenBy(row => row).Take(most)];
    }

    private static double TruthOf(TestRecord record, int row) => record.HasClasses
        ? record[row][record.Classes[row]]
        : Enumerable.Range(0, record.Width).Min(name => record.Holds(row, name) ? record[row][name] : 1 - record[row][name]);

    private static double Error(TestRecord record, int row, double[] deviations) => Enumerable.Range(0, record.Width)
        .Max(name => Math.Abs(record[row][name] - record.Targets[(row * record.Width) + name]) / deviations[name]);

    private static double Deviation(double[] values)
    {
        double mean = values.Average(), deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
        return deviation > 0 ? deviation : 1;
    }
}
