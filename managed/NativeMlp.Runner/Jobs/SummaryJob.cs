// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs;

/// <summary>Shows the content of a model: its layers, its input columns, its outputs, and its origin.</summary>
internal sealed class SummaryJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    private const int MostNames = 20;

    public int Run(CancellationToken stop)
    {
        string path = ModelFile.PathIn(settings.Value);
        SummaryEvent summary = ModelSummary.Of(path, Directory.Exists(settings.Value.Model) ? settings.Value.Model : null);
        if (mode.Json)
            JsonLines.Write(summary, SummaryJson.Default.SummaryEvent);
        else
            Show(Terminal.Create(), summary);
        return ExitCodes.Done;
    }

    private static void Show(Terminal terminal, SummaryEvent summary)
    {
        terminal.WriteFact("model", $"{summary.Model}, {Format.Count(summary.Bytes)} bytes, {summary.Precision} weights");
        terminal.WriteFact("answers", Answers(summary));
        ShowLayers(terminal, summary);
        if (summary.Columns.Count > 0)
            ShowColumns(terminal, summary);
        ShowOrigin(terminal, summary);
    }

    private static string Answers(SummaryEvent summary)
    {
        if (summary.Targets.Count > 0)
            return string.Join(", ", summary.Targets.Take(MostNames).Select(target => $"{target.Name} (mean {Format.Real(target.Mean)}, standard deviation {Format.Real(target.Deviation)})"));
        string names = string.Join(", ", summary.Classes.Take(MostNames)) + (summary.Classes.Count > MostNames ? $" and {summary.Classes.Count - MostNames} more" : "");
        string threshold = summary.Threshold is { } value ? $"; threshold {Format.Real(value)}" : "";
        return summary.Classes.Count == 0 ? "a number" : $"{summary.Classes.Count} {(summary.Task == "multilabel" ? "labels" : "classes")}: {names}{threshold}";
    }

    private static void ShowLayers(Terminal terminal, SummaryEvent summary)
    {
        terminal.WriteLine();
        TextTable table = new("layer", "weight", "outputs", "activation", "norm", "dropout", "parameters", "bytes", "operations/row");
        foreach (LayerSummary layer in summary.Layers)
        {
            table.Add($"{layer.Layer}", $"{layer.Weight[0]} × {layer.Weight[1]}", Format.Count(layer.Outputs), layer.Activation, layer.Norm ?? "–", layer.Dropout > 0 ? Format.Real(layer.Dropout) : "–",
                Format.Count(layer.Parameters), Format.Count(layer.Bytes), Format.Count(layer.OperationsPerRow));
        }

        string name = summary.Networks == 1 ? "sum" : $"{summary.Networks} networks";
        table.Add(name, "", "", "", "", "", Format.Count(summary.Parameters), Format.Count(summary.ParameterBytes), Format.Count(summary.OperationsPerRow));
        table.Write(terminal);
        terminal.WriteText($"loss {summary.Loss}");
    }

    private static void ShowColumns(Terminal terminal, SummaryEvent summary)
    {
        terminal.WriteLine();
        TextTable table = new("column", "type", "inputs", "encoding");
        foreach (ColumnSummary column in summary.Columns)
            table.Add(column.Name, column.Type, Format.Count(column.Inputs), column.Encoding);
        table.Write(terminal);
    }

    private static void ShowOrigin(Terminal terminal, SummaryEvent summary)
    {
        terminal.WriteLine();
        foreach ((string label, string? text) in new[]
        {
            ("run", summary.From.Run), ("data", summary.From.Data), ("seed", summary.From.Seed), ("epochs", summary.From.Epochs), ("optimizer", summary.From.Optimizer),
            ("steps", summary.From.Steps), ("pixels", summary.From.PixelOrder),
        })
        {
            if (text is not null)
                terminal.WriteFact(label, text);
        }

        terminal.WriteCommand("sha256", summary.WeightsSha256);
    }
}
