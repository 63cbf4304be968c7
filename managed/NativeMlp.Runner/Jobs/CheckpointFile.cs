// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Jobs;

/// <summary>Loads a saved network together with the rows that it is applied to.</summary>
internal static class CheckpointFile
{
    /// <summary>Loads --model and the test rows of --data, preprocessed like the training rows of the model.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="needsLabels">Whether the rows must have labels.</param>
    /// <exception cref="RunnerException">A setting is missing, a file is missing, or the model does not match the data.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static (LoadedCheckpoint Model, TestRows Test) Open(RunnerSettings settings, bool needsLabels)
    {
        string path = ModelFile.PathIn(settings);
        string name = BuiltInData.NameIn(settings);
        LoadedCheckpoint model = ModelFile.LoadNetwork(settings, path);
        try
        {
            TestRows test = TestRows.Load(name, settings.DataDir, needsLabels ? null : model.Mlp.Inputs);
            foreach (string warning in test.Rows.Warnings)
                Failure.Warn(warning);
            return (model, test with { Rows = Fit(model, path, test.Rows) });
        }
        catch
        {
            model.Mlp.Dispose();
            throw;
        }
    }

    private static Dataset Fit(LoadedCheckpoint model, string path, Dataset test)
    {
        if (model.Mlp.Inputs != test.Features || model.Mlp.Classes != test.Classes)
        {
            throw RunnerException.BadData($"The model {Printable.Path(path)} does not match {test.Name}: the model has {model.Mlp.Inputs} inputs "
                + $"and {model.Mlp.Classes} classes, but the data set has {test.Features} features and {test.Classes} classes.");
        }
        if (model.Info.Mean.Length is var mean && mean != 0 && mean != test.Features)
            throw RunnerException.BadData($"The model {Printable.Path(path)} is damaged: its mean has {mean} elements, but it has {test.Features} inputs.");
        if (model.Info.DataSet.Length > 0 && model.Info.DataSet != test.Name)
            Failure.Warn($"The model {Printable.Path(path)} was trained on {Printable.Quoted(model.Info.DataSet)}, not on {test.Name}: its predictions may be meaningless here.");
        return Pixels.Arrange(test, OrderOf(model.Info, path, test)).WithNormalization(model.Info.Mean, model.Info.Scale);
    }

    // Older files do not contain the order. Only presets with pixels from 0 to 255 used an order other than that of the data.
    private static PixelOrder OrderOf(CheckpointInfo info, string path, Dataset test)
    {
        bool isKnown = !Pixels.Has(test) || info.PixelOrder != PixelOrder.Unstated || (info.DataSet == BuiltInDataSets.Cifar10.Name && info.Scale != 1);
        return isKnown ? info.PixelOrder : throw RunnerException.BadData(
            $"The model {Printable.Path(path)} was saved by an older version and does not contain the order of its pixels. Train it again.");
    }
}
