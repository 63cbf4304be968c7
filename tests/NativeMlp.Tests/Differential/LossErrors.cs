// SPDX-License-Identifier: MIT
using NativeMlp.Reference;

namespace NativeMlp.Tests.Differential;

/// <summary>The rounding errors of a loss and of its gradient, from those of the scores.</summary>
internal sealed class LossErrors
{
    private const int Operations = 8; // of one element, an exponential and a logarithm among them

    private readonly MlpOptions _options;
    private readonly double[,] _scores;
    private readonly double[,] _errors;
    private readonly ReferenceTargets _targets;
    private readonly double[,] _gradient;

    public LossErrors(MlpOptions options, ReferenceLoss loss, double[,] scores, double[,] errors, ReferenceTargets targets)
    {
        (_options, _scores, _errors, _targets) = (options, scores, errors, targets);
        _gradient = loss.Gradient(scores, targets);
        Gradient = new double[Rows, Outputs];
        if (options.Loss == Loss.SoftmaxCrossEntropy) Softmax();
        else if (options.Loss == Loss.MulticlassHinge) Hinge();
        else EachElement(loss);
        Value = ValueError();
    }

    /// <summary>Of the gradient with respect to the scores, <c>[rows × outputs]</c>.</summary>
    public double[,] Gradient { get; }

    /// <summary>Of the loss.</summary>
    public double Value { get; }

    private int Rows => _scores.GetLength(0);

    private int Outputs => _scores.GetLength(1);

    private double Roundings => Rounding.Unit * (Operations + Math.Sqrt(Outputs));

    // Total weights, by which the mean divides.
    private double Total()
    {
        double sum = 0;
        for (int i = 0; i < Rows; i++)
            sum += RowWeight(i) * (_options.Loss == Loss.SoftmaxCrossEntropy ? ClassWeight(_targets.Labels[i]) : 1);
        return sum;
    }

    private double RowWeight(int row) => _targets.Weights is null ? 1 : _targets.Weights[row];

    private double ClassWeight(int output) => _options.ClassWeights.Count == 0 ? 1 : _options.ClassWeights[output];

    private double GreatestClassWeight => _options.ClassWeights.Count == 0 ? 1 : Math.Max(1, _options.ClassWeights.Max());

    // d = w/total·(p·all − t) with dp[j] = p[j]·(ds[j] − Σ p·ds). An exponent of magnitude x makes an error of x·u.
    private void Softmax()
    {
        double total = Total();
        for (int i = 0; i < Rows; i++)
        {
            double[] p = ReferenceLoss.Softmax(_scores, i);
            double common = 0, greatest = double.NegativeInfinity;
            for (int j = 0; j < Outputs; j++)
            {
                common += p[j] * p[j] * _errors[i, j] * _errors[i, j];
                greatest = Math.Max(greatest, _scores[i, j]);
            }

            for (int j = 0; j < Outputs; j++)
            {
                double exponent = Rounding.Unit * (greatest - _scores[i, j]);
                double handedOn = p[j] * Rounding.Join(_errors[i, j], Math.Sqrt(common), exponent);
                double terms = GreatestClassWeight * (p[j] + (_targets.Labels[i] == j ? 1 : _options.LabelSmoothing / Outputs));
                Gradient[i, j] = RowWeight(i) / total * Rounding.Join(GreatestClassWeight * handedOn, Roundings * terms);
            }
        }
    }

    // A margin that may lie on either side of 0 moves the gradient by a whole row's weight.
    private void Hinge()
    {
        double total = Total();
        for (int i = 0; i < Rows; i++)
        {
            int label = _targets.Labels[i];
            double step = RowWeight(i) / total, uncertain = 0;
            for (int j = 0; j < Outputs; j++)
            {
                double margin = _scores[i, j] - _scores[i, label] + _options.LossDelta;
                double error = Rounding.Join(_errors[i, j], _errors[i, label], Rounding.Unit * (Math.Abs(margin) + Math.Abs(_scores[i, j])));
                bool unsure = j != label && Math.Abs(margin) <= Rounding.Confidence * error;
                Gradient[i, j] = (unsure ? step / Rounding.Confidence : 0) + (Roundings * step);
                uncertain += unsure ? step / Rounding.Confidence : 0;
            }

            Gradient[i, label] = uncertain + (Roundings * Math.Abs(_gradient[i, label]));
        }
    }

    // Elements that know nothing of one another: all scores may move at once.
    private void EachElement(ReferenceLoss loss)
    {
        double[,] below = loss.Gradient(Moved(-Rounding.Confidence), _targets), above = loss.Gradient(Moved(Rounding.Confidence), _targets);
        double terms = _options.Loss == Loss.BinaryCrossEntropy ? GreatestClassWeight / (Outputs * Total()) : 0;
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Outputs; j++)
            {
                double handedOn = Math.Max(Math.Abs(below[i, j] - _gradient[i, j]), Math.Abs(above[i, j] - _gradient[i, j])) / Rounding.Confidence;
                Gradient[i, j] = Rounding.Join(handedOn, Roundings * Math.Abs(_gradient[i, j]), Roundings * terms * RowWeight(i));
            }
        }
    }

    private double[,] Moved(double by)
    {
        var moved = new double[Rows, Outputs];
        for (int i = 0; i < Rows; i++)
            for (int j = 0; j < Outputs; j++) moved[i, j] = _scores[i, j] + (by * _errors[i, j]);
        return moved;
    }

    // What the gradient hands on, and the roundings of a row's terms: scores, differences of scores and their logarithms.
    private double ValueError()
    {
        double squares = 0, total = Total();
        for (int i = 0; i < Rows; i++)
        {
            double terms = 0;
            for (int j = 0; j < Outputs; j++)
            {
                double handedOn = Rounding.Join(_gradient[i, j], Gradient[i, j]) * _errors[i, j];
                squares += handedOn * handedOn;
                terms += Terms(i, j);
            }

            double rounding = Roundings * RowWeight(i) / total * terms;
            squares += rounding * rounding;
        }

        return Math.Sqrt(squares);
    }

    private double Terms(int i, int j)
    {
        double score = Math.Abs(_scores[i, j]);
        if (!_options.Loss.TakesTargets()) return GreatestClassWeight * (score + 1 + _options.LossDelta);
        double target = Math.Abs(_targets.Value(i, j, Outputs));
        double distance = score + target;
        return (_options.Loss == Loss.BinaryCrossEntropy ? GreatestClassWeight * (score + 1) : distance * distance) / Outputs;
    }
}
