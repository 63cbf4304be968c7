// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Onnx;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs.Exchange;

/// <summary>Writes a model for other programs.</summary>
internal sealed class ExportJob(IOptions<RunnerSettings> options, OutputMode mode) : IJob
{
    private static readonly Dictionary<string, ExportFormat> s_formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".onnx"] = ExportFormat.Onnx,
        [".safetensors"] = ExportFormat.Safetensors,
        [".npz"] = ExportFormat.Npz,
        [".h"] = ExportFormat.C,
        [".cs"] = ExportFormat.CSharp,
    };

    private RunnerSettings Settings => options.Value;

    private ExchangeChoices Chosen => Settings.Exchange;

    public int Run(CancellationToken stop)
    {
        string model = ModelFile.PathIn(Settings);
        (string Path, ExportFormat Format)[] files = [.. Files()];
        if (files.Length == 0) throw RunnerException.Usage("Name the file to write after the model, as in: nativemlp export MODEL model.onnx.");
        foreach ((string path, _) in files)
        {
            if (Path.GetFullPath(path) == Path.GetFullPath(model)) throw RunnerException.Usage($"{Printable.Path(path)} is the model itself; name another file.");
        }

        CheckEffect(files);
        CheckPrecision(files);
        foreach ((string path, ExportFormat format) in files) Write(model, path, format);
        return ExitCodes.Done;
    }

    private IEnumerable<(string, ExportFormat)> Files()
    {
        if (Chosen.File is { } file) yield return (file, Chosen.Format ?? FormatOf(file));
        else if (Chosen.Format is not null) throw RunnerException.Usage($"{ExchangeSettings.Format.Option} has no effect here: it needs a file to write after the model.");
        if (Chosen.CFile is { } header) yield return (header, ExportFormat.C);
        if (Chosen.CSharpFile is { } source) yield return (source, ExportFormat.CSharp);
    }

    private static ExportFormat FormatOf(string file) => s_formats.TryGetValue(Path.GetExtension(file), out ExportFormat format) ? format
        : throw RunnerException.Usage($"The name {Printable.Path(file)} does not determine the format. Use one of the extensions {string.Join(", ", s_formats.Keys)}, or give {ExchangeSettings.Format.Option}.");

    private void CheckEffect((string Path, ExportFormat Format)[] files)
    {
        Setting[] onnx = [ExchangeSettings.Inputs, ExchangeSettings.Rows, ExchangeSettings.Logits];
        foreach (Setting setting in onnx.Append(ExchangeSettings.Names))
        {
            ExportFormat needed = ReferenceEquals(setting, ExchangeSettings.Names) ? ExportFormat.Safetensors : ExportFormat.Onnx;
            if (Settings.Origins.TryGetValue(setting, out SettingOrigin? origin) && origin.IsTyped && !files.Any(file => file.Format == needed))
                throw RunnerException.Usage($"{origin.Name} has no effect here: it needs the export as {Words.Of(needed)}.");
        }
    }

    private void CheckPrecision((string Path, ExportFormat Format)[] files)
    {
        if (Settings.Origins.TryGetValue(Setting.Precision, out SettingOrigin? origin) && origin.IsTyped && files.Any(file => file.Format == ExportFormat.CSharp))
            throw RunnerException.Usage($"{origin.Name} has no effect on C# code, which loads the model file: export a model file with {ExchangeSettings.Format.Option} model, and then the code for that file.");
    }

    private void Write(string model, string path, ExportFormat format)
    {
        try
        {
            if (ModelFile.IsOfTable(model)) OutputFolder.Write(path, file => WriteTable(model, file, format));
            else OutputFolder.Write(path, file => WriteNetwork(model, file, format));
        }
        catch (ArgumentException e)
        {
            throw RunnerException.Usage($"The model cannot be exported as {Printable.Path(path)}: {Failure.Reason(e)}");
        }

        Report(path);
    }

    private void WriteTable(string file, string path, ExportFormat format)
    {
        using TableModel model = ModelFile.LoadTable(Settings, file);
        if (format is ExportFormat.Safetensors or ExportFormat.Npz && model.Networks.Count > 1)
            Throw.Argument($"It has {model.Networks.Count} networks, which predict together, but a file of weights contains only one. ONNX, C and C# contain all of them.");
        switch (format)
        {
            case ExportFormat.Onnx: OnnxExport.Save(model, path, OnnxOptions()); break;
            case ExportFormat.Safetensors: WeightFiles.SavePyTorch(model.Networks[0], path, Chosen.Names ?? default); break;
            case ExportFormat.Npz: WeightFiles.SaveNpz(model.Networks[0], path); break;
            case ExportFormat.C: CSource.Save(model, path); break;
            case ExportFormat.Model: model.Save(path); break;
            default: CSharpSource.Save(model, path, file); break;
        }
    }

    private void WriteNetwork(string file, string path, ExportFormat format)
    {
        using LoadedCheckpoint model = ModelFile.LoadNetwork(Settings, file);
        switch (format)
        {
            case ExportFormat.Onnx: OnnxExport.Save(model.Mlp, path, OnnxOptions(), model.Info); break;
            case ExportFormat.Safetensors: WeightFiles.SavePyTorch(model.Mlp, path, Chosen.Names ?? default); break;
            case ExportFormat.Npz: WeightFiles.SaveNpz(model.Mlp, path); break;
            case ExportFormat.C: CSource.Save(model.Mlp, path, model.Info); break;
            case ExportFormat.Model: SaveFrozen(model, path); break;
            default: CSharpSource.Save(model.Mlp, path, file); break;
        }
    }

    // A frozen network has no moments of an optimizer, which would triple the file.
    private static void SaveFrozen(LoadedCheckpoint model, string path)
    {
        using Mlp frozen = model.Mlp.Freeze();
        Checkpoint.Save(frozen, path, model.Info);
    }

    private OnnxExportOptions OnnxOptions() => new() { Inputs = Chosen.Inputs ?? default, Batch = Chosen.Rows, Logits = Chosen.Logits };

    private void Report(string path)
    {
        if (mode.Json) JsonLines.Write(new ExportedEvent("exported", path, new FileInfo(path).Length), JsonLines.Types.ExportedEvent);
        else Terminal.Create().WriteFact("exported", $"{Printable.Path(path)}, {Output.Format.Count(new FileInfo(path).Length)} bytes");
    }
}
