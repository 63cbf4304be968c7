// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>
/// Gradient descent on a <see cref="ReferenceNetwork"/> with the rule of an <see cref="Optimizer"/>,
/// including moments. One instance belongs to one network.
/// </summary>
public sealed class ReferenceOptimizer
{
    private readonly ReferenceNetwork _network;
    private readonly Optimizer _options;
    private readonly ReferenceGradient[] _first;
    private readonly ReferenceGradient[] _second;
    private readonly ReferenceGradient[] _third;
    private ulong _steps;
    private double _beta1Power = 1;
    private double _beta2Power = 1;

    /// <summary>Starts with zero moments.</summary>
    /// <param name="network">The network to change.</param>
    /// <param name="options">The update rule.</param>
    public ReferenceOptimizer(ReferenceNetwork network, Optimizer options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _network = network;
        _options = options;
        _first = Zeros(network);
        _second = Zeros(network);
        _third = Zeros(network);
    }

    /// <summary>Continues from the state of a network: its parameters, moments and powers.</summary>
    internal static ReferenceOptimizer FromMlp(Mlp mlp, Optimizer options)
    {
        var optimizer = new ReferenceOptimizer(ReferenceNetwork.FromMlp(mlp), options)
        {
            _steps = mlp.OptimizerState.Steps,
            _beta1Power = mlp.OptimizerState.Beta1Power,
            _beta2Power = mlp.OptimizerState.Beta2Power,
        };
        for (int l = 0; l < mlp.Layers.Count; l++)
        {
            foreach (LayerTensor tensor in Trained)
            {
                if (!mlp.Layers[l].Has(tensor)) continue;
                if (OptimizerTraits.Of(options.Kind).HasFirstMoment) Read(mlp, TensorKind.FirstMoment, l, tensor, optimizer._first[l]);
                if (OptimizerTraits.Of(options.Kind).HasSecondMoment) Read(mlp, TensorKind.SecondMoment, l, tensor, optimizer._second[l]);
                if (options.HasThirdMoment) Read(mlp, TensorKind.ThirdMoment, l, tensor, optimizer._third[l]);
            }
        }

        return optimizer;
    }

    internal ReferenceNetwork Network => _network;

    internal IReadOnlyList<ReferenceGradient> FirstMoments => _first;

    internal IReadOnlyList<ReferenceGradient> SecondMoments => _second;

    internal IReadOnlyList<ReferenceGradient> ThirdMoments => _third;

    /// <summary>One step: loss and gradients on these rows, then the update.</summary>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="targets">The targets of the scores.</param>
    /// <param name="masks">Dropout's mask of each layer, null for none.</param>
    /// <returns>The loss before the update, including the penalty.</returns>
    public double Step(double[,] x, ReferenceTargets targets, IReadOnlyList<double[,]?>? masks = null)
    {
        double loss = _network.Loss(x, targets, _options.L2, masks);
        ReferencePass[] passes = _network.Train(x, masks);
        Apply(_network.Gradients(x, targets, _options.L2, masks).Layers);
        for (int l = 0; l < passes.Length; l++)
            _network.Layers[l].MoveStatistics(passes[l]);

        return loss;
    }

    /// <summary>Clips these gradients, which include the penalty, and updates the parameters with them.</summary>
    /// <param name="gradients">One for each layer; changed by clipping.</param>
    internal void Apply(IReadOnlyList<ReferenceGradient> gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Clip(gradients);
        _steps++;
        _beta1Power *= _options.Beta1;
        _beta2Power *= _options.Beta2;
        for (int l = 0; l < gradients.Count; l++)
        {
            ReferenceLayer layer = _network.Layers[l];
            foreach (LayerTensor tensor in Trained)
            {
                Span<double> w = ReferenceNetwork.Tensor(layer, tensor), g = ReferenceNetwork.Tensor(gradients[l], tensor);
                Span<double> first = ReferenceNetwork.Tensor(_first[l], tensor), second = ReferenceNetwork.Tensor(_second[l], tensor), third = ReferenceNetwork.Tensor(_third[l], tensor);
                for (int i = 0; i < w.Length; i++)
                {
                    if (OptimizerTraits.Of(_options.Kind).Uses(OptimizerValues.WeightDecay) && (tensor == LayerTensor.Weight || _options.DecayBiases))
                        w[i] *= 1 - (_options.LearningRate * _options.WeightDecay);

                    Update(ref w[i], g[i], ref first[i], ref second[i], ref third[i]);
                }
            }

            Shorten(layer);
        }
    }

    private static ReadOnlySpan<LayerTensor> Trained => [LayerTensor.Weight, LayerTensor.Bias, LayerTensor.Gamma, LayerTensor.Beta];

    private void Update(ref double w, double g, ref double first, ref double second, ref double third)
    {
        bool isFirstStep = _steps == 1;
        double rate = _options.LearningRate, epsilon = _options.Epsilon;
        switch (_options.Kind)
        {
            case OptimizerKind.Sgd:
                w -= rate * g;
                break;
            case OptimizerKind.Momentum:
                bool dampens = !isFirstStep && _options.Momentum > 0;
                first = (_options.Momentum * first) + (dampens ? (1 - _options.Dampening) * g : g);
                w -= rate * first;
                break;
            case OptimizerKind.Nesterov:
                first = (_options.Momentum * first) + g;
                w -= rate * (g + (_options.Momentum * first));
                break;
            case OptimizerKind.AdaGrad:
                second += (isFirstStep ? _options.InitialAccumulator : 0) + (g * g);
                w -= rate * g / (Math.Sqrt(second) + epsilon);
                break;
            case OptimizerKind.RmsProp:
                second = (_options.Rho * second) + ((1 - _options.Rho) * g * g);
                third = _options.Centered ? (_options.Rho * third) + ((1 - _options.Rho) * g) : 0;
                first = (_options.Momentum * first) + (g / (Math.Sqrt(Math.Max(second - (third * third), 0)) + epsilon));
                w -= rate * first;
                break;
            case OptimizerKind.Adam:
            case OptimizerKind.AdamW:
                first = (_options.Beta1 * first) + ((1 - _options.Beta1) * g);
                second = (_options.Beta2 * second) + ((1 - _options.Beta2) * g * g);
                third = Math.Max(third, second);
                double mean = first / (1 - _beta1Power);
                double deviation = Math.Sqrt(_options.AmsGrad ? third : second) / Math.Sqrt(1 - _beta2Power);
                w -= rate * mean / (deviation + epsilon);
                break;
            default:
                throw new NotSupportedException($"The reference has no optimizer {_options.Kind}.");
        }
    }

    private static void Read(Mlp mlp, TensorKind kind, int layer, LayerTensor tensor, ReferenceGradient to)
    {
        float[] values = new float[mlp.Layers[layer].LengthOf(tensor)];
        mlp.Read(kind, layer, tensor, values);
        Span<double> destination = ReferenceNetwork.Tensor(to, tensor);
        for (int i = 0; i < values.Length; i++)
            destination[i] = values[i];
    }

    // Each element first, then all of them by one factor.
    private void Clip(IReadOnlyList<ReferenceGradient> gradients)
    {
        double squares = 0;
        foreach (ReferenceGradient gradient in gradients)
        {
            foreach (LayerTensor tensor in Trained)
            {
                foreach (ref double g in ReferenceNetwork.Tensor(gradient, tensor))
                {
                    g = _options.ClipValue > 0 ? Math.Clamp(g, -_options.ClipValue, _options.ClipValue) : g;
                    squares += g * g;
                }
            }
        }

        double factor = Math.Min(1, _options.ClipNorm / (Math.Sqrt(squares) + 1e-6));
        foreach (ReferenceGradient gradient in gradients)
        {
            foreach (LayerTensor tensor in Trained)
            {
                foreach (ref double g in ReferenceNetwork.Tensor(gradient, tensor))
                    g *= _options.ClipNorm > 0 ? factor : 1;
            }
        }
    }

    // The weights that lead to one sum are a column.
    private void Shorten(ReferenceLayer layer)
    {
        for (int j = 0; _options.MaxNorm > 0 && j < layer.Width; j++)
        {
            double squares = 0;
            for (int p = 0; p < layer.Inputs; p++)
                squares += layer.Weight[p, j] * layer.Weight[p, j];

            double factor = Math.Min(1, _options.MaxNorm / Math.Sqrt(squares));
            for (int p = 0; squares > 0 && p < layer.Inputs; p++)
                layer.Weight[p, j] *= factor;
        }
    }

    private static ReferenceGradient[] Zeros(ReferenceNetwork network) =>
    [
        .. network.Layers.Select(layer => new ReferenceGradient(
            new double[layer.Inputs, layer.Width], new double[layer.Width], new double[layer.Width], new double[layer.Width])),
    ];
}
