// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Training;

/// <summary>Predicts with each network the rows that it was not trained on.</summary>
internal static class OutOfBag
{
    /// <summary>Returns the mean prediction for each row that was a validation row of a network; null if there was none.</summary>
    public static ValidationPredictions? Predict(TableModel model, Table table, IReadOnlyList<NetworkRows> rows, int threads)
    {
        int[] all = [.. rows.SelectMany(network => network.Validation).Distinct().Order()];
        if (all.Length == 0) return null;
        int width = model.Labels.Names.Count;
        double[] sums = new double[all.Length * width];
        int[] answers = new int[all.Length];
        for (int i = 0; i < rows.Count; i++)
        {
            int[] validation = [.. rows[i].Validation];
            TablePredictions predictions = model.WithNetwork(i).Predict(table.Take(validation), threads);
            for (int j = 0; j < validation.Length; j++)
            {
                int place = Array.BinarySearch(all, validation[j]);
                answers[place]++;
                for (int k = 0; k < width; k++) sums[(place * width) + k] += predictions[j][k];
            }
        }

        for (int i = 0; i < sums.Length; i++) sums[i] /= answers[i / width];
        return new ValidationPredictions(all, new TablePredictions(model.Labels, model.Threshold, sums));
    }
}
