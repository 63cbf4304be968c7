// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Data;
using NativeMlp.Onnx;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Jobs.Exchange;

/// <summary>Converts a network that another program has written into a model.</summary>
internal sealed class ImportJob(IOptions<RunnerSettings> options, OutputMode mode) : IJob
{
    private RunnerSettings Settings => options.Value;

    private ExchangeChoices Chosen => Settings.Exchange;

    public int Run(CancellationToken stop)
    {
        string source = Chosen.Source ?? throw RunnerException.Usage("Name the file to import, as in: nativemlp import model.onnx --out model.safetensors.");
        string path = Chosen.File ?? throw RunnerException.Usage($"{ExchangeSettings.File.Option} is missing: name the file for the model.");
        if (!File.Exists(source)) throw RunnerException.BadData($"The file {Printable.Path(source)} does not exist.");
        if (Path.GetFullPath(source) == Path.GetFullPath(path)) throw RunnerException.Usage($"{Printable.Path(path)} is the file that is read; name another one for {ExchangeSettings.File.Option}.");
        using ImportedNetwork imported = Load(source);
        foreach (string note in imported.Notes) Failure.Warn(note);
        OutputFolder.Write(path, file => Checkpoint.Save(imported.Network, file, new CheckpointInfo()));
        Report(imported.Network, path);
        return ExitCodes.Done;
    }

    private ImportedNetwork Load(string source)
    {
        ImportOptions said = new()
        {
            Activation = Settings.Activation,
            ActivationAlpha = Settings.Alpha,
            Pieces = Settings.Pieces,
            Loss = Settings.Loss,
            NormEpsilon = Chosen.NormEpsilon,
        };
        return KindOf(source) switch
        {
            FileKind.Onnx => LoadOnnx(source, said),
            FileKind.SafeTensors => WeightFiles.LoadPyTorch(source, said),
            _ => WeightFiles.LoadNpz(source, said),
        };
    }

    private ImportedNetwork LoadOnnx(string source, ImportOptions said)
    {
        foreach (Setting setting in (Setting[])[Setting.Activation, Setting.Alpha, Setting.Pieces, ExchangeSettings.NormEpsilon])
        {
            if (Settings.Origins.TryGetValue(setting, out SettingOrigin? origin) && origin.IsTyped)
                throw RunnerException.Usage($"{origin.Name} has no effect here: an ONNX file already contains this value.");
        }

        return OnnxImport.Load(source, said);
    }

    // Determined by the extension, or by the content if the extension is unknown. The reader then checks the content.
    private static FileKind KindOf(string source)
    {
        FileKind found = FileKinds.Of(source);
        if (found is FileKind.Pickle or FileKind.PyTorchArchive) throw FileKinds.Refused(source, found);
        FileKind? named = Path.GetExtension(source).ToUpperInvariant() switch
        {
            ".ONNX" => FileKind.Onnx,
            ".SAFETENSORS" => FileKind.SafeTensors,
            ".NPZ" => FileKind.Npz,
            _ => null,
        };
        if (named is { } kind) return kind;
        return found is FileKind.Onnx or FileKind.SafeTensors or FileKind.Npz ? found
            : throw new DataFormatException(source, $"it is {FileKinds.Describe(found)}; an ONNX model, a safetensors file or an npz archive was expected.");
    }

    private void Report(Mlp network, string path)
    {
        if (mode.Json) JsonLines.Write(new ImportedEvent("imported", path, network.Inputs, network.Options.Hidden, network.Outputs, network.Options.Loss.ToString(), network.ParameterCount), JsonLines.Types.ImportedEvent);
        else Terminal.Create().WriteFact("imported", $"{network}, {string.Join(", ", network.Layers.Select(layer => layer.Activation))}, loss {network.Options.Loss}, as {Printable.Path(path)}");
    }
}
