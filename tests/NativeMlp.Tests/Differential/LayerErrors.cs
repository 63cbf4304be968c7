// SPDX-License-Identifier: MIT
using NativeMlp.Reference;

namespace NativeMlp.Tests.Differential;

/// <summary>The rounding errors of one layer's pass, forward and backward, beside the reference's numbers.</summary>
internal sealed class LayerErrors
{
    private const int Operations = 10; // roundings of an activation: its worst error is 5 ulp
    private const int DerivativeOperations = 8; // of a derivative, with those of the output that it is computed from

    private readonly ReferenceLayer _layer;
    private readonly ReferencePass _pass;
    private readonly double[,] _x;
    private readonly double[,] _v;
    private readonly bool _shared;
    private readonly NormErrors.Forward? _norm;

    /// <param name="layer">The layer.</param>
    /// <param name="pass">Its pass in double precision.</param>
    /// <param name="x">The errors of its inputs.</param>
    /// <param name="training">Whether a batch norm takes the statistics of these rows.</param>
    /// <param name="shared">Whether rows share errors, as those of a batch norm's mean: then magnitudes add, not squares.</param>
    public LayerErrors(ReferenceLayer layer, ReferencePass pass, double[,] x, bool training, bool shared)
    {
        (_layer, _pass, _x, _shared) = (layer, pass, x, shared);
        double[,] z = Sums();
        _v = z;
        if (layer.Norm != Norm.None)
        {
            _norm = NormErrors.Of(layer.Norm, pass, z, given: !training);
            _v = Each(_norm.Normal, (i, j, error) => Rounding.Join(
                layer.Gamma[j] * error, Rounding.Unit * (Math.Abs(layer.Gamma[j] * pass.Normal![i, j]) + Math.Abs(layer.Beta[j]))));
        }

        Y = Outputs();
    }

    /// <summary>Of the outputs.</summary>
    public double[,] Y { get; }

    /// <summary>Of a batch norm's statistics; null where there is none.</summary>
    public NormErrors.Forward? Statistics => _norm;

    /// <summary>The errors of the gradients.</summary>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="errors">Its errors.</param>
    /// <param name="dx">The errors of the gradient with respect to the inputs.</param>
    public ReferenceGradient Backward(double[,] dy, double[,] errors, out double[,] dx)
    {
        int rows = dy.GetLength(0);
        var gradient = new ReferenceGradient(
            new double[_layer.Inputs, _layer.Width], new double[_layer.Width], new double[_layer.Width], new double[_layer.Width]);
        (double[,] d, double[,] e) = ThroughActivation(dy, errors);
        if (_norm is not null)
        {
            for (int j = 0; j < _layer.Width; j++)
            {
                gradient.Gamma[j] = SumOfProducts(rows, i => (d[i, j], e[i, j], _pass.Normal![i, j], _norm.Normal[i, j]));
                gradient.Beta[j] = SumOfProducts(rows, i => (d[i, j], e[i, j], 1, 0));
            }

            double[,] gained = Each(d, (_, j, value) => value * _layer.Gamma[j]);
            double[,] gainedErrors = Each(e, (i, j, error) => Rounding.Join(error * _layer.Gamma[j], Rounding.Unit * gained[i, j]));
            e = NormErrors.Backward(_layer.Norm, _pass, _norm, gained, gainedErrors);
            d = ReferenceNorm.Backward(_layer.Norm, gained, _pass.Normal!, _pass.Scale!);
        }

        for (int j = 0; j < _layer.Width; j++) gradient.Bias[j] = SumOfProducts(rows, i => (d[i, j], e[i, j], 1, 0));
        OfWeights(d, e, gradient.Weight);
        dx = OfInputs(d, e);
        return gradient;
    }

    // Σ a·b over the rows: the errors of a and b, and those of the sum.
    private double SumOfProducts(int rows, Func<int, (double A, double ErrorOfA, double B, double ErrorOfB)> term)
    {
        double squares = 0, sum = 0, magnitudes = 0;
        for (int i = 0; i < rows; i++)
        {
            (double a, double ea, double b, double eb) = term(i);
            double error = Rounding.OfProduct(a, ea, b, eb);
            squares += error * error;
            sum += error;
            magnitudes += Math.Abs(a * b);
        }

        return Rounding.Join(_shared ? sum : Math.Sqrt(squares), Rounding.Chain(rows, magnitudes));
    }

    private double[,] Sums()
    {
        int rows = _x.GetLength(0), inputs = _layer.Inputs, width = _layer.Width;
        var z = new double[rows, width];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < width; j++)
            {
                double squares = 0, magnitudes = Math.Abs(_layer.Bias[j]);
                for (int p = 0; p < inputs; p++)
                {
                    double w = _layer.Weight[p, j], error = w * _x[i, p];
                    squares += error * error;
                    magnitudes += Math.Abs(w * _pass.X[i, p]);
                }

                z[i, j] = Rounding.Join(Math.Sqrt(squares), Rounding.Chain(inputs + 1, magnitudes));
            }
        }

        return z;
    }

    private double[,] Outputs()
    {
        double[,] y = _layer.Activation == Activation.Maxout
            ? Each(_pass.Y, (i, j, _) => Candidates(i, j).Max(c => _v[i, c]))
            : Each(_v, (i, j, error) => Value(_pass.V[i, j], error));
        return _pass.Mask is null ? y : Each(y, (i, j, error) => Rounding.Join(error * _pass.Mask[i, j], Rounding.Unit * _pass.Y[i, j]));
    }

    private double Value(double v, double error)
    {
        double y = ReferenceActivation.Value(_layer.Activation, _layer.Alpha, v);
        double handedOn = Rounding.Through(at => ReferenceActivation.Value(_layer.Activation, _layer.Alpha, at), v, error);
        // The tails of both GELUs are right to so much of 1/8, not of their own size.
        double tail = _layer.Activation is Activation.Gelu or Activation.GeluTanh ? 1.0 / 8 : 0;
        return _layer.Activation == Activation.Identity ? error : Rounding.Join(handedOn, Operations * Rounding.Unit * (Math.Abs(y) + tail));
    }

    // The pieces of an output that may be its greatest.
    private IEnumerable<int> Candidates(int i, int j)
    {
        int[] pieces = [.. Enumerable.Range(0, _layer.Pieces).Select(p => (p * _layer.Outputs) + j)];
        double least = pieces.Max(c => _pass.V[i, c] - (Rounding.Confidence * _v[i, c]));
        return pieces.Where(c => _pass.V[i, c] + (Rounding.Confidence * _v[i, c]) >= least);
    }

    private (double[,] D, double[,] Errors) ThroughActivation(double[,] dy, double[,] errors)
    {
        double[,] da = dy, ea = errors;
        if (_pass.Mask is not null)
        {
            da = Each(dy, (i, j, value) => value * _pass.Mask[i, j]);
            ea = Each(errors, (i, j, error) => Rounding.Join(error * _pass.Mask[i, j], Rounding.Unit * da[i, j]));
        }

        if (_layer.Activation == Activation.Maxout) return ThroughMaxout(da, ea);
        double[,] d = Each(da, (i, j, value) => value * Derivative(_pass.V[i, j]));
        return (d, Each(ea, (i, j, error) => Rounding.Join(error * Derivative(_pass.V[i, j]), da[i, j] * DerivativeError(i, j), Rounding.Unit * d[i, j])));
    }

    private double Derivative(double v) => ReferenceActivation.Derivative(_layer.Activation, _layer.Alpha, v);

    private double DerivativeError(int i, int j) => _layer.Activation == Activation.Identity ? 0 : Rounding.Join(
        Rounding.Through(Derivative, _pass.V[i, j], _v[i, j]),
        _layer.Activation is Activation.Relu or Activation.LeakyRelu ? 0 : DerivativeOperations * Rounding.Unit * Math.Max(1, _layer.Alpha));

    // Where two pieces may have won, all of the gradient may lie at either.
    private (double[,] D, double[,] Errors) ThroughMaxout(double[,] da, double[,] ea)
    {
        double[,] d = ReferenceMaxout.Backward(_pass.V, _layer.Pieces, da), e = new double[d.GetLength(0), d.GetLength(1)];
        for (int i = 0; i < da.GetLength(0); i++)
        {
            for (int j = 0; j < da.GetLength(1); j++)
            {
                int[] candidates = [.. Candidates(i, j)];
                foreach (int c in candidates) e[i, c] = ea[i, j] + (candidates.Length > 1 ? Math.Abs(da[i, j]) / Rounding.Confidence : 0);
            }
        }

        return (d, e);
    }

    private void OfWeights(double[,] d, double[,] e, double[,] errors)
    {
        int rows = d.GetLength(0);
        for (int p = 0; p < _layer.Inputs; p++)
        {
            for (int j = 0; j < _layer.Width; j++)
            {
                double squares = 0, sum = 0, magnitudes = 0;
                for (int i = 0; i < rows; i++)
                {
                    double error = Rounding.OfProduct(_pass.X[i, p], _x[i, p], d[i, j], e[i, j]);
                    squares += error * error;
                    sum += error;
                    magnitudes += Math.Abs(_pass.X[i, p] * d[i, j]);
                }

                errors[p, j] = Rounding.Join(_shared ? sum : Math.Sqrt(squares), Rounding.Chain(rows, magnitudes));
            }
        }
    }

    private double[,] OfInputs(double[,] d, double[,] e)
    {
        int rows = d.GetLength(0);
        var errors = new double[rows, _layer.Inputs];
        for (int i = 0; i < rows; i++)
        {
            for (int p = 0; p < _layer.Inputs; p++)
            {
                double squares = 0, magnitudes = 0;
                for (int j = 0; j < _layer.Width; j++)
                {
                    double w = _layer.Weight[p, j], error = w * e[i, j];
                    squares += error * error;
                    magnitudes += Math.Abs(w * d[i, j]);
                }

                errors[i, p] = Rounding.Join(Math.Sqrt(squares), Rounding.Chain(_layer.Width, magnitudes));
            }
        }

        return errors;
    }

    private static double[,] Each(double[,] matrix, Func<int, int, double, double> function)
    {
        var result = new double[matrix.GetLength(0), matrix.GetLength(1)];
        for (int i = 0; i < matrix.GetLength(0); i++)
            for (int j = 0; j < matrix.GetLength(1); j++) result[i, j] = function(i, j, matrix[i, j]);
        return result;
    }
}
