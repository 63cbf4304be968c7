// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Graphs;

namespace NativeMlp.Onnx.Import;

/// <summary>Goes through a graph from its input to its output, and makes layers of the nodes on the way.</summary>
internal sealed class GraphWalk
{
    private readonly string _path;
    private readonly GraphConstants _constants;
    private readonly GraphPath _graph;
    private readonly LayerBuilder _layers;
    private readonly List<string> _notes = [];
    private readonly Loss? _chosen;
    private string _value;
    private Loss? _loss; // where the last node says it

    /// <summary>Begins at the input of a graph.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="chosen">The loss, where the user names it.</param>
    public GraphWalk(string path, OnnxGraph graph, Loss? chosen)
    {
        (_path, _chosen) = (path, chosen);
        _constants = new GraphConstants(path, graph);
        _graph = new GraphPath(path, graph, _constants);
        _layers = new LayerBuilder(path);
        _value = _graph.Input.Name;
    }

    public IReadOnlyList<LayerParts> Layers => _layers.Layers;

    public double? NormEpsilon { get; private set; }

    /// <summary>Goes all the way.</summary>
    /// <exception cref="DataFormatException">There is a node that cannot be imported.</exception>
    public void Run()
    {
        OnnxNode? last = null;
        for (int steps = 0; _value != _graph.Output; steps++)
        {
            if (steps > _graph.NodeCount) throw new DataFormatException(_path, "the graph has a cycle, so its nodes cannot be put in order.");
            IReadOnlyList<OnnxNode> nodes = _graph.ConsumersOf(_value);
            if (nodes.Count == 0) throw new DataFormatException(_path, $"its output {Printable.Quoted(_graph.Output, 60)} does not depend on its input {Printable.Quoted(_graph.Input.Name, 60)}.");
            last = nodes[0];
            if (_loss is not null && !IsPassing(last) && !IsNoAndYes(nodes)) throw Bad(last, "it follows the probabilities, which a network ends with");
            Take(nodes);
        }

        if (Layers.Count == 0) throw new DataFormatException(_path, "the graph has no layer: there is neither a Gemm nor a MatMul with constant weights.");
        if (_layers.HasPending) throw Bad(last!, "it changes the outputs after the last activation");
    }

    /// <summary>The loss, and what the user should know.</summary>
    public (Loss Loss, List<string> Notes) LossAndNotes()
    {
        if (_constants.Converted.Count > 0)
            _notes.Add($"Weights of the type {string.Join(", ", _constants.Converted)} became float32.");
        if (_chosen is not null && _loss is not null && _chosen != _loss)
            throw new DataFormatException(_path, $"it ends with the probabilities of {_loss}; the loss {_chosen} was asked for.");
        Loss loss = _chosen ?? _loss ?? Losses.DefaultFor(Layers[^1].Outputs);
        if (_chosen is null && _loss is null) _notes.Add(Losses.Note(loss));
        return (loss, _notes);
    }

    private void Take(IReadOnlyList<OnnxNode> nodes)
    {
        OnnxNode node = nodes[0];
        if (nodes.FirstOrDefault(next => !IsKnownDomain(next)) is { } foreign) throw Bad(foreign, "it is not an operator of ONNX itself");
        if (nodes.Count > 1)
        {
            if (IsNoAndYes(nodes)) TakeNoAndYes(nodes);
            else TakeFunction(node);
            return;
        }

        switch (node.Operator)
        {
            case "Gemm": TakeGemm(node); break;
            case "MatMul": _layers.AddSums(node, Constant(node, 1), null); break;
            case "Add" or "Sub" or "Mul" or "Div": TakeArithmetic(node); break;
            case "BatchNormalization": TakeBatchNorm(node); break;
            case "LayerNormalization": TakeLayerNorm(node); break;
            case "Softmax" or "LogSoftmax" when IsLast(node): End(node, Loss.SoftmaxCrossEntropy); break;
            case "Sigmoid" when _chosen is null or Loss.BinaryCrossEntropy && IsLast(node): End(node, Loss.BinaryCrossEntropy); break;
            case "Reshape" when TryMaxout(node): return;
            case "Identity" or "Dropout" or "Flatten" or "Reshape" or "Squeeze" or "Cast" when IsPassing(node): break;
            case "Relu": _layers.Activate(node, Activation.Relu); break;
            case "LeakyRelu": _layers.Activate(node, Activation.LeakyRelu, node.Float("alpha", 0.01f)); break;
            case "PRelu": _layers.Activate(node, Activation.LeakyRelu, Constant(node, 1).Single ?? throw Bad(node, "its slope differs from output to output")); break;
            case "Elu": _layers.Activate(node, Activation.Elu, node.Float("alpha", 1)); break;
            case "Sigmoid": _layers.Activate(node, Activation.Sigmoid); break;
            case "Tanh": _layers.Activate(node, Activation.Tanh); break;
            case "Softplus": _layers.Activate(node, Activation.Softplus); break;
            case "Gelu": _layers.Activate(node, node.Find("approximate")?.Text == "tanh" ? Activation.GeluTanh : Activation.Gelu); break;
            case "Swish" when node.Float("alpha", 1) == 1: _layers.Activate(node, Activation.Silu); break;
            default: TakeFunction(node); return;
        }

        _value = node.Outputs[0];
    }

    private void TakeGemm(OnnxNode node)
    {
        if (node.Integer("transA", 0) != 0 || node.Inputs[0] != _value) throw Bad(node, "its first input is not the rows as they are");
        Numbers weight = Constant(node, 1);
        double alpha = node.Float("alpha", 1), beta = node.Float("beta", 1);
        if (weight.Sizes.Length == 2 && node.Integer("transB", 0) != 0) weight = weight.Transposed();
        double[]? bias = node.Input(2) is null ? null : Array.ConvertAll(Constant(node, 2).Values, value => beta * value);
        _layers.AddSums(node, alpha == 1 ? weight : weight with { Values = Array.ConvertAll(weight.Values, value => alpha * value) }, bias);
    }

    private void TakeArithmetic(OnnxNode node)
    {
        bool first = node.Inputs.Count == 2 && node.Inputs[0] == _value;
        string other = node.Inputs.Count == 2 ? node.Inputs[first ? 1 : 0] : "";
        if (!_constants.Has(other) || (!first && node.Operator is "Sub" or "Div"))
        {
            TakeFunction(node);
            return;
        }

        double[] values = _constants.Get(other).Values;
        switch (node.Operator)
        {
            case "Add": _layers.Affine(node, [1], values); break;
            case "Sub": _layers.Affine(node, [1], Array.ConvertAll(values, value => -value)); break;
            case "Mul": _layers.Affine(node, values, [0]); break;
            default: _layers.Affine(node, Array.ConvertAll(values, value => 1 / value), [0]); break;
        }
    }

    private void TakeBatchNorm(OnnxNode node)
    {
        double[] gamma = Constant(node, 1).Values, beta = Constant(node, 2).Values, mean = Constant(node, 3).Values, variance = Constant(node, 4).Values;
        if (beta.Length != gamma.Length || mean.Length != gamma.Length || variance.Length != gamma.Length) throw Bad(node, "its constants have different lengths");
        double epsilon = node.Float("epsilon", 1e-5f);
        double[] scale = [.. gamma.Zip(variance, (factor, square) => factor / Math.Sqrt(square + epsilon))];
        _layers.Affine(node, scale, [.. beta.Select((shift, j) => shift - (mean[j] * scale[j]))]);
        if (!_notes.Exists(note => note.StartsWith("Batch", StringComparison.Ordinal))) _notes.Add("Batch normalisation became part of the weights.");
    }

    private void TakeLayerNorm(OnnxNode node)
    {
        if (node.Integer("axis", -1) is not (-1 or 1)) throw Bad(node, "it does not normalise each row");
        double epsilon = node.Float("epsilon", 1e-5f);
        if (NormEpsilon is { } before && before != epsilon) throw Bad(node, $"its epsilon is {epsilon}, that of an earlier one {before}; a network has one for all norms");
        NormEpsilon = epsilon;
        _layers.LayerNorm(node, Constant(node, 1).Values, node.Input(2) is null ? [0] : Constant(node, 2).Values);
    }

    // Reshape to [rows, pieces, outputs], then the greatest piece.
    private bool TryMaxout(OnnxNode node)
    {
        if (node.Outputs is not [var parted] || _graph.ConsumersOf(parted) is not [{ Operator: "ReduceMax", IsStandard: true } reduce]) return false;
        if (node.Input(1) is not { } shape || !_constants.Has(shape) || _constants.Get(shape).Values is not [_, >= 2 and <= 1 << 20 and var pieces, _]) return false;
        double[] axes = reduce.Find("axes") is { } found ? [.. found.Integers.Select(axis => (double)axis)] : reduce.Input(1) is { } name && _constants.Has(name) ? _constants.Get(name).Values : [];
        if (axes is not [1 or -2] || reduce.Integer("keepdims", 1) != 0) throw Bad(reduce, "it does not take the greatest of the pieces of each output");
        _layers.Activate(node, Activation.Maxout, pieces: (int)pieces);
        _value = reduce.Outputs[0];
        return true;
    }

    private void TakeFunction(OnnxNode node)
    {
        if (new ElementwiseFunction(_graph, _constants, _value).Find() is not var (value, activation))
            throw Bad(node, "there is no such layer or activation here");
        _layers.Activate(node, activation);
        _value = value;
    }

    private void End(OnnxNode node, Loss loss)
    {
        if (loss == Loss.SoftmaxCrossEntropy && node.Integer("axis", -1) is not (-1 or 1)) throw Bad(node, "it is not over the outputs of each row");
        _loss = loss;
        if (node.Operator == "LogSoftmax") _notes.Add("The logarithms of the probabilities became probabilities.");
    }

    // scikit-learn's exporter writes the probabilities of no and yes as [1 − p, p].
    private static bool IsNoAndYes(IReadOnlyList<OnnxNode> nodes) =>
        nodes.Count == 2 && nodes.Any(node => node.Operator == "Sub") && nodes.Any(node => node.Operator == "Concat");

    private void TakeNoAndYes(IReadOnlyList<OnnxNode> nodes)
    {
        OnnxNode concat = nodes.First(node => node.Operator == "Concat"), complement = nodes.First(node => node.Operator == "Sub");
        bool fits = Layers.Count > 0 && Layers[^1].Outputs == 1 && _loss == Loss.BinaryCrossEntropy && complement.Inputs is [var one, _]
            && _constants.Has(one) && _constants.Get(one).Single == 1 && concat.Inputs.SequenceEqual([complement.Outputs[0], _value]);
        if (!fits) throw Bad(concat, "it puts different outputs side by side");
        _value = concat.Outputs[0];
    }

    // Whether nothing but nodes that change nothing stands between a node and the output.
    private bool IsLast(OnnxNode node)
    {
        string value = node.Outputs[0];
        for (int steps = 0; value != _graph.Output; steps++)
        {
            IReadOnlyList<OnnxNode> next = _graph.ConsumersOf(value);
            if (IsNoAndYes(next)) return true;
            if (steps > _graph.NodeCount || next is not [var only] || !IsPassing(only)) return false;
            value = only.Outputs[0];
        }

        return true;
    }

    // Rows stay rows: what has sizes is only made flat.
    private static bool IsPassing(OnnxNode node) =>
        node.HandsOn || (node.IsStandard && (node.Operator is "Dropout" or "Reshape" or "Squeeze" || (node.Operator == "Flatten" && node.Integer("axis", 1) is 1 or -1)));

    // Of Microsoft's operators Gelu is the one that a network of this library has.
    private static bool IsKnownDomain(OnnxNode node) => node.IsStandard || node is { Domain: "com.microsoft", Operator: "Gelu" };

    private Numbers Constant(OnnxNode node, int input) => node.Input(input) is { } name && _constants.Has(name)
        ? _constants.Get(name) : throw Bad(node, $"its input {input + 1} is not a constant");

    private DataFormatException Bad(OnnxNode node, string problem) => new(_path, FormattableString.Invariant($"{node.Title} cannot be imported: {problem}."));
}
