// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Jobs;

/// <summary>The rows for which a saved model predicts.</summary>
/// <param name="Rows">The rows. If they have no labels, each has label 0, which has no meaning.</param>
/// <param name="HasLabels">Whether the rows have labels.</param>
internal sealed record TestRows(Dataset Rows, bool HasLabels)
{
    /// <summary>Reads the test rows from the folder, or generates them if no folder is named. The files of the training rows are not
    /// needed.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="folder">The folder; null for generated rows.</param>
    /// <param name="features">The number of features of a row if rows without labels are accepted; otherwise null.</param>
    /// <exception cref="RunnerException">The folder does not exist or was not named, or there are no rows.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static TestRows Load(string name, string? folder, int? features)
    {
        BuiltInDataSet set = BuiltInDataSets.Get(name);
        if (LoadedData.IsGenerated(set, folder))
            return new TestRows(LoadedData.Generate(set).Test, HasLabels: true);
        Dataset? unlabelled = features is { } count ? set.LoadUnlabelled(folder!, count) : null;
        Dataset rows = unlabelled ?? set.LoadTest(folder!);
        if (rows.Count == 0)
            throw RunnerException.BadData($"{name} in {Printable.Path(Path.GetFullPath(folder!))} has no test rows.");
        return new TestRows(rows, unlabelled is null);
    }
}
