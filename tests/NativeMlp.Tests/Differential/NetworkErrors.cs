// SPDX-License-Identifier: MIT
using NativeMlp.Reference;

namespace NativeMlp.Tests.Differential;

/// <summary>A pass of the reference through all layers, with the rounding errors that float32 makes of it.</summary>
internal sealed class NetworkErrors
{
    private readonly MlpOptions _options;
    private readonly ReferenceNetwork _network;
    private readonly ReferencePass[] _passes;
    private readonly LayerErrors[] _errors;

    /// <param name="options">What the network is made of.</param>
    /// <param name="network">Its copy in double precision.</param>
    /// <param name="inputs">Rows and their errors.</param>
    /// <param name="masks">Dropout's masks.</param>
    /// <param name="training">Whether it is in training.</param>
    public NetworkErrors(
        MlpOptions options, ReferenceNetwork network, (double[,] X, double[,] Errors) inputs, IReadOnlyList<double[,]?>? masks, bool training = true)
    {
        (_options, _network) = (options, network);
        _passes = new ReferencePass[network.Layers.Count];
        _errors = new LayerErrors[network.Layers.Count];
        Gradients = new ReferenceGradient[network.Layers.Count];
        GradientErrors = new ReferenceGradient[network.Layers.Count];
        (double[,] x, double[,] errors) = inputs;
        bool shared = network.Layers.Any(layer => layer.Norm == Norm.Batch);
        for (int l = 0; l < _passes.Length; l++)
        {
            _passes[l] = network.Layers[l].Run(x, masks?[l], training);
            _errors[l] = new LayerErrors(network.Layers[l], _passes[l], errors, training, shared);
            (x, errors) = (_passes[l].Y, _errors[l].Y);
        }
    }

    public ReferenceGradient[] Gradients { get; }

    public ReferenceGradient[] GradientErrors { get; }

    public double[,] Scores => _passes[^1].Y;

    public double[,] ScoreErrors => _errors[^1].Y;

    /// <summary>One end of the interval in which a score lies.</summary>
    public double Score(int row, int output, int end) => Scores[row, output] + (end * Rounding.Confidence * ScoreErrors[row, output]);

    public double Loss(ReferenceTargets targets, double l2) => _network.LossFunction.Value(Scores, targets) + Penalty(l2);

    public double LossError(ReferenceTargets targets, double l2) => Rounding.Join(
        new LossErrors(_options, _network.LossFunction, Scores, ScoreErrors, targets).Value,
        Rounding.Chain(_network.Layers.Max(layer => layer.Inputs + layer.Width), Penalty(l2)));

    /// <summary>The gradients and their errors, from the last layer to the first.</summary>
    public void Differentiate(ReferenceTargets targets, double l2)
    {
        double[,] dy = _network.LossFunction.Gradient(Scores, targets);
        double[,] errors = new LossErrors(_options, _network.LossFunction, Scores, ScoreErrors, targets).Gradient;
        for (int l = _passes.Length - 1; l >= 0; l--)
        {
            ReferenceLayer layer = _network.Layers[l];
            GradientErrors[l] = _errors[l].Backward(dy, errors, out errors);
            (dy, Gradients[l]) = layer.Backward(_passes[l], dy);
            for (int p = 0; p < layer.Inputs; p++)
            {
                for (int j = 0; j < layer.Width; j++)
                {
                    double penalty = 2 * l2 * layer.Weight[p, j];
                    Gradients[l].Weight[p, j] += penalty;
                    GradientErrors[l].Weight[p, j] = Rounding.Join(GradientErrors[l].Weight[p, j], 2 * Rounding.Unit * penalty);
                }
            }
        }
    }

    /// <summary>A batch norm's running mean and variance after the step, and their errors.</summary>
    public (double[] Mean, double[] MeanErrors, double[] Variance, double[] VarianceErrors) RunningStatistics(int l)
    {
        ReferenceLayer layer = _network.Layers[l];
        double[] meanBefore = [.. layer.RunningMean], varianceBefore = [.. layer.RunningVariance];
        layer.MoveStatistics(_passes[l]);
        double rows = _passes[l].Z.GetLength(0), share = layer.NormMomentum;
        double[] mean = Errors(layer.RunningMean, meanBefore, _errors[l].Statistics!.Mean, 1);
        double[] variance = Errors(layer.RunningVariance, varianceBefore, _errors[l].Statistics!.Variance, rows / (rows - 1));
        return (layer.RunningMean, mean, layer.RunningVariance, variance);

        double[] Errors(double[] after, double[] before, double[] ofBatch, double factor) =>
            [.. after.Select((value, j) => Rounding.Join(share * factor * ofBatch[j], 4 * Rounding.Unit * (Math.Abs(value) + Math.Abs(before[j]))))];
    }

    /// <summary>The softmax of the scores or the sigmoid of each, and the errors.</summary>
    public (double[,] Values, double[,] Errors) Probabilities()
    {
        double[,] values = new double[Scores.GetLength(0), Scores.GetLength(1)], errors = (double[,])values.Clone();
        for (int i = 0; i < values.GetLength(0); i++)
        {
            double[] softmax = ReferenceLoss.Softmax(Scores, i);
            double common = Math.Sqrt(softmax.Select((p, j) => p * p * ScoreErrors[i, j] * ScoreErrors[i, j]).Sum());
            double greatest = Enumerable.Range(0, softmax.Length).Max(j => Scores[i, j]);
            for (int j = 0; j < softmax.Length; j++)
            {
                bool sigmoid = _options.Loss == NativeMlp.Loss.BinaryCrossEntropy;
                double p = values[i, j] = sigmoid ? ReferenceActivation.Sigmoid(Scores[i, j]) : softmax[j];
                double exponent = Rounding.Unit * (sigmoid ? 0 : greatest - Scores[i, j]);
                double handedOn = sigmoid ? Rounding.Through(ReferenceActivation.Sigmoid, Scores[i, j], ScoreErrors[i, j])
                    : p * Rounding.Join(ScoreErrors[i, j], common, exponent);
                errors[i, j] = Rounding.Join(handedOn, Rounding.Unit * (8 + Math.Sqrt(softmax.Length)) * p);
            }
        }

        return (values, errors);
    }

    private double Penalty(double l2) => l2 == 0 ? 0 : l2 * _network.Layers.Sum(layer => layer.Weight.Cast<double>().Sum(w => w * w));
}
