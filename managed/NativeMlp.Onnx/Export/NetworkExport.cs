// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Export;

/// <summary>Writes a network, with the normalisation of its rows, as a graph.</summary>
internal sealed class NetworkExport(GraphBuilder graph, Mlp network, OnnxExportOptions options, CheckpointInfo info)
{
    private readonly HeadGraph _head = new(graph);

    private bool HasTargets => network.Options.Loss is Loss.MeanSquaredError or Loss.Huber;

    public OnnxModel Build()
    {
        if (options.Logits && network.Classes == 0)
            Throw.Argument($"A regression has no logits: its output is the prediction.", nameof(options));
        _head.Reserve();
        string rows = graph.Input("input", ElementType.Float, network.Inputs);
        if (options.Inputs != OnnxInputs.Encoded) rows = Normalized(rows);
        string scores = new NetworkGraph(graph, network, "").Add(rows);
        if (network.Classes > 0) AddAnswers(scores);
        if (HasTargets && !options.Logits) graph.Output(HeadGraph.Prediction, scores, ElementType.Float, network.Outputs);
        return graph.Build(network.Classes == 0 ? [] : [new("classes", ModelNames.Json(ModelNames.ClassesOf(network, info)))]);
    }

    private void AddAnswers(string scores)
    {
        string label = network.Outputs > 1 || network.Options.Loss != Loss.BinaryCrossEntropy ? _head.Greatest(scores) : _head.Above(_head.Column(scores, 0), 0);
        graph.Output(HeadGraph.Label, label, ElementType.Int64);
        if (options.Logits)
        {
            graph.Output(HeadGraph.Logits, scores, ElementType.Float, network.Outputs);
            return;
        }

        string probabilities = _head.ProbabilitiesOf(network, scores);
        bool yesOrNo = network.Options.Loss == Loss.BinaryCrossEntropy && network.Outputs == 1;
        graph.Output(HeadGraph.Probabilities, yesOrNo ? _head.NoAndYes(probabilities) : probabilities, ElementType.Float, yesOrNo ? 2 : network.Outputs);
    }

    // The rows as they stand in a file: pixels of coloured pictures are put into the network's order, and (x − mean)·scale follows.
    private string Normalized(string rows)
    {
        GraphMath math = new(graph, ElementType.Float, "rows");
        if (PixelPlaces.Of(network, info) is { } places) rows = math.Gather(rows, Array.ConvertAll(places, place => (long)place));
        if (info.Mean.Length > 0) rows = math.Subtract(rows, graph.Floats("rows.mean", info.Mean, 1, info.Mean.Length));
        return info.Scale == 1 ? rows : math.Multiply(rows, info.Scale);
    }
}
