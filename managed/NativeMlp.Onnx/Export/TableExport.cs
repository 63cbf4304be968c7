// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Onnx.Graphs;
using NativeMlp.Tables;

namespace NativeMlp.Onnx.Export;

/// <summary>Writes a model of a table as a graph.</summary>
internal sealed class TableExport(GraphBuilder graph, TableModel model, OnnxExportOptions options)
{
    private readonly HeadGraph _head = new(graph);

    private TableLabels Labels => model.Labels;

    private int Width => Labels.Names.Count;

    public OnnxModel Build()
    {
        if (options.Logits) CheckLogits();
        _head.Reserve();
        OnnxInputs inputs = options.Inputs == OnnxInputs.Default ? TableGraph.DefaultFor(model.Encoding) : options.Inputs;
        string rows = new TableGraph(graph, model.Encoding, inputs).Add();
        string[] scores = [.. model.Networks.Select((network, i) => new NetworkGraph(graph, network, Prefix(i)).Add(rows))];
        if (Labels.Task == TableTask.Regression) AddPrediction(scores);
        else AddAnswers(scores);
        return graph.Build(Metadata(inputs));
    }

    private void CheckLogits()
    {
        if (Labels.Task == TableTask.Regression)
            Throw.Argument($"A regression has no logits: its output is the prediction.", nameof(options));
        if (model.Networks.Count > 1)
            Throw.Argument($"The model has {model.Networks.Count} networks, which answer with the mean of their probabilities; only a single network has logits.", nameof(options));
    }

    private void AddPrediction(string[] scores)
    {
        string value = _head.InUnits(_head.Mean(scores),
            [.. Labels.Description.Scales.Select(scale => scale.Mean)], [.. Labels.Description.Scales.Select(scale => scale.StdDev)]);
        graph.Output(HeadGraph.Prediction, value, ElementType.Float, Width);
    }

    private void AddAnswers(string[] scores)
    {
        string mean = _head.Mean([.. scores.Zip(model.Networks, (score, network) => _head.ProbabilitiesOf(network, score))]);
        (string label, long[] sizes) = Labels.Task switch
        {
            TableTask.Multiclass => (_head.Greatest(mean), Array.Empty<long>()),
            TableTask.Binary => (_head.Above(_head.Column(mean, 1), model.Threshold), []),
            _ => (_head.Above(mean, model.Threshold), [Width]),
        };
        graph.Output(HeadGraph.Label, label, ElementType.Int64, sizes);
        if (options.Logits) graph.Output(HeadGraph.Logits, scores[0], ElementType.Float, Width);
        else graph.Output(HeadGraph.Probabilities, mean, ElementType.Float, Width);
    }

    private List<KeyValuePair<string, string>> Metadata(OnnxInputs inputs)
    {
        bool classes = Labels.Task != TableTask.Regression;
        List<KeyValuePair<string, string>> metadata =
        [
            new("task", Labels.Task.ToString()),
            new(classes ? "classes" : "targets", ModelNames.Json(Labels.Names)),
            new("columns", ModelNames.Json(model.Schema.Features.Select(feature => feature.Name))),
        ];
        if (classes) metadata.Add(new("threshold", model.Threshold.ToString("R", CultureInfo.InvariantCulture)));
        if (inputs == OnnxInputs.Encoded) metadata.Add(new("inputs", ModelNames.Json(model.Encoding.InputNames)));
        return metadata;
    }

    private string Prefix(int network) => model.Networks.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"networks.{network}.");
}
