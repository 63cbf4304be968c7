// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Jobs;

/// <summary>How models are read back for the data at hand.</summary>
internal static class CheckpointFile
{
    /// <summary>Loads --model and the test rows of --data, treated as the rows that the model was trained on.</summary>
    /// <param name="settings">What was said.</param>
    /// <param name="needsLabels">Whether rows without labels are refused.</param>
    /// <exception cref="RunnerException">A setting is missing, a file is missing, or model and data do not fit.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static (LoadedCheckpoint Model, TestRows Test) Open(RunnerSettings settings, bool needsLabels)
    {
        string path = ModelFile.PathIn(settings);
        string name = BuiltInData.NameIn(settings);
        LoadedCheckpoint model = Checkpoint.Load(path, maxBatch: 1, settings.Threads ?? 0); // it will not train
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
            throw RunnerException.BadData($"The model {Printable.Path(path)} does not fit {test.Name}: it takes {model.Mlp.Inputs} features "
                + $"and knows {model.Mlp.Classes} classes, the data have {test.Features} and {test.Classes}.");
        }
        if (model.Info.Mean.Length is var mean && mean != 0 && mean != test.Features)
            throw RunnerException.BadData($"The model {Printable.Path(path)} is damaged: its mean has {mean} elements, but it takes {test.Features} features.");
        if (model.Info.DataSet.Length > 0 && model.Info.DataSet != test.Name)
            Failure.Warn($"The model {Printable.Path(path)} was trained on {Printable.Quoted(model.Info.DataSet)}, not on {test.Name}: its answers may mean nothing here.");
        return Pixels.Arrange(test, OrderOf(model.Info, path, test)).WithNormalization(model.Info.Mean, model.Info.Scale);
    }

    // Older files do not say the order. Only presets that leave the pixels from 0 to 255 ever had another one than the data's.
    private static PixelOrder OrderOf(CheckpointInfo info, string path, Dataset test)
    {
        bool isKnown = !Pixels.Has(test) || info.PixelOrder != PixelOrder.Unstated || (info.DataSet == BuiltInDataSets.Cifar10.Name && info.Scale != 1);
        return isKnown ? info.PixelOrder : throw RunnerException.BadData(
            $"The model {Printable.Path(path)} does not say in which order it takes the numbers of a picture, because an older version saved it: train it again.");
    }
}
