// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>
/// Gradient descent on a <see cref="ReferenceNetwork"/> as an <see cref="Optimizer"/> describes it,
/// moments included. One instance belongs to one network.
/// </summary>
public sealed class ReferenceOptimizer
{
    private readonly ReferenceNetwork _network;
    private readonly Optimizer _options;
    private readonly ReferenceGradient[] _first;
    private readonly ReferenceGradient[] _second;
    private double _beta1Power = 1;
    private double _beta2Power = 1;

    /// <summary>Starts with zero moments.</summary>
    /// <param name="network">The network to change.</param>
    /// <param name="options">How.</param>
    public ReferenceOptimizer(ReferenceNetwork network, Optimizer options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _network = network;
        _options = options;
        _first = Zeros(network);
        _second = Zeros(network);
    }

    /// <summary>One step: loss and gradients on these rows, then the update.</summary>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="labels">The class of each row.</param>
    /// <returns>The loss before the update, penalty included.</returns>
    public double Step(double[,] x, ReadOnlySpan<int> labels)
    {
        double loss = _network.Loss(x, labels, _options.L2);
        ReferenceGradient[] gradients = _network.Gradients(x, labels, _options.L2).Layers;
        _beta1Power *= _options.Beta1;
        _beta2Power *= _options.Beta2;
        for (int l = 0; l < gradients.Length; l++)
        {
            ReferenceLayer layer = _network.Layers[l];
            for (int j = 0; j < layer.Outputs; j++)
            {
                for (int p = 0; p < layer.Inputs; p++)
                {
                    Update(ref layer.Weight[p, j], gradients[l].Weight[p, j], ref _first[l].Weight[p, j], ref _second[l].Weight[p, j]);
                }

                Update(ref layer.Bias[j], gradients[l].Bias[j], ref _first[l].Bias[j], ref _second[l].Bias[j]);
            }
        }

        return loss;
    }

    private void Update(ref double w, double g, ref double first, ref double second)
    {
        switch (_options.Kind)
        {
            case OptimizerKind.Sgd:
                w -= _options.LearningRate * g;
                break;
            case OptimizerKind.Momentum:
                first = (_options.Momentum * first) + g;
                w -= _options.LearningRate * first;
                break;
            case OptimizerKind.Adam:
                first = (_options.Beta1 * first) + ((1 - _options.Beta1) * g);
                second = (_options.Beta2 * second) + ((1 - _options.Beta2) * g * g);
                double mean = first / (1 - _beta1Power);
                double deviation = Math.Sqrt(second) / Math.Sqrt(1 - _beta2Power);
                w -= _options.LearningRate * mean / (deviation + _options.Epsilon);
                break;
            default:
                throw new NotSupportedException($"The reference has no optimizer {_options.Kind}.");
        }
    }

    private static ReferenceGradient[] Zeros(ReferenceNetwork network)
    {
        var zeros = new ReferenceGradient[network.Layers.Count];
        for (int l = 0; l < zeros.Length; l++)
        {
            ReferenceLayer layer = network.Layers[l];
            zeros[l] = new ReferenceGradient(new double[layer.Inputs, layer.Outputs], new double[layer.Outputs]);
        }

        return zeros;
    }
}
