// SPDX-License-Identifier: MIT
using NativeMlp.Reference;

namespace NativeMlp.Tests.Differential;

/// <summary>
/// The update of a step, from the gradient that the library itself computed, and its rounding errors. An update is backward
/// stable: in float32 it is the exact one of numbers that differ by as many units as it has operations. So the reference makes
/// it from each of its numbers so changed, and what that changes adds up.
/// </summary>
internal sealed class UpdateErrors
{
    private const int Operations = 16; // no update has more

    private readonly Mlp _mlp;
    private readonly Optimizer _options;
    private readonly ReferenceOptimizer _expected;
    private readonly ReferenceOptimizer[] _changed;
    private readonly double _norm;

    /// <param name="mlp">The network, its gradients computed and its step not yet made.</param>
    /// <param name="options">The optimizer.</param>
    public UpdateErrors(Mlp mlp, Optimizer options)
    {
        (_mlp, _options) = (mlp, options);
        _expected = Updated(options, (_, _) => { });
        double factor = 1 + (Operations * Rounding.Unit);
        // A norm is a sum over all parameters, or over a column.
        double norm = factor + (Rounding.Unit * Math.Sqrt(mlp.ParameterCount));
        _norm = GradientNorm();
        _changed =
        [
            Updated(options, (optimizer, gradients) => Scale(optimizer.Network, factor)),
            Updated(options, (optimizer, gradients) => Scale(gradients, factor)),
            Updated(options, (optimizer, gradients) => Scale(optimizer.FirstMoments, factor)),
            Updated(options, (optimizer, gradients) => Scale(optimizer.SecondMoments, factor)),
            Updated(options, (optimizer, gradients) => Scale(optimizer.ThirdMoments, factor)),
            Updated(options with { LearningRate = options.LearningRate * factor }, (_, _) => { }),
            .. options.ClipNorm > 0 ? [Updated(options with { ClipNorm = options.ClipNorm * norm }, (_, _) => { })] : (ReferenceOptimizer[])[],
            .. options.MaxNorm > 0 ? [Updated(options with { MaxNorm = options.MaxNorm * norm }, (_, _) => { })] : (ReferenceOptimizer[])[],
        ];
    }

    /// <summary>Compares parameters and moments after the step.</summary>
    public void Compare(Comparison comparison, double norm)
    {
        Tensors(TensorKind.Parameter, (optimizer, l, tensor) => ReferenceNetwork.Tensor(optimizer.Network.Layers[l], tensor));
        if (OptimizerTraits.Of(_options.Kind).HasFirstMoment) Tensors(TensorKind.FirstMoment, (optimizer, l, tensor) => ReferenceNetwork.Tensor(optimizer.FirstMoments[l], tensor));
        if (OptimizerTraits.Of(_options.Kind).HasSecondMoment) Tensors(TensorKind.SecondMoment, (optimizer, l, tensor) => ReferenceNetwork.Tensor(optimizer.SecondMoments[l], tensor));
        if (_options.HasThirdMoment) Tensors(TensorKind.ThirdMoment, (optimizer, l, tensor) => ReferenceNetwork.Tensor(optimizer.ThirdMoments[l], tensor));
        if (_options.ClipNorm > 0)
            comparison.Near("the gradient's norm", _norm, norm, Rounding.Chain((int)_mlp.ParameterCount + Operations, _norm));

        void Tensors(TensorKind kind, TensorOf of) => comparison.Tensors(
            _mlp, kind, (l, tensor) => of(_expected, l, tensor).ToArray(), (l, tensor) => Errors(of, l, tensor));
    }

    private delegate Span<double> TensorOf(ReferenceOptimizer optimizer, int layer, LayerTensor tensor);

    private double[] Errors(TensorOf of, int l, LayerTensor tensor)
    {
        double[] expected = of(_expected, l, tensor).ToArray(), errors = Array.ConvertAll(expected, value => Rounding.Unit * Math.Abs(value));
        foreach (ReferenceOptimizer changed in _changed)
        {
            Span<double> other = of(changed, l, tensor);
            for (int i = 0; i < errors.Length; i++) errors[i] += Math.Abs(other[i] - expected[i]) / Rounding.Confidence;
        }

        return errors;
    }

    private ReferenceOptimizer Updated(Optimizer options, Action<ReferenceOptimizer, ReferenceGradient[]> change)
    {
        var optimizer = ReferenceOptimizer.FromMlp(_mlp, options);
        ReferenceGradient[] gradients = Gradients();
        change(optimizer, gradients);
        optimizer.Apply(gradients);
        return optimizer;
    }

    private ReferenceGradient[] Gradients()
    {
        var gradients = new ReferenceGradient[_mlp.Layers.Count];
        for (int l = 0; l < gradients.Length; l++)
        {
            LayerShape shape = _mlp.Layers[l];
            gradients[l] = new ReferenceGradient(new double[shape.Inputs, shape.Width], new double[shape.Width], new double[shape.Width], new double[shape.Width]);
            foreach (LayerTensor tensor in shape.Tensors.Where(tensor => tensor <= LayerTensor.Beta))
            {
                float[] values = new float[shape.LengthOf(tensor)];
                _mlp.Read(TensorKind.Gradient, l, tensor, values);
                Span<double> to = ReferenceNetwork.Tensor(gradients[l], tensor);
                for (int i = 0; i < values.Length; i++) to[i] = values[i];
            }
        }

        return gradients;
    }

    // Before the norm is clipped, each element is.
    private double GradientNorm()
    {
        double squares = 0, limit = _options.ClipValue > 0 ? _options.ClipValue : double.PositiveInfinity;
        foreach (ReferenceGradient gradient in Gradients())
        {
            foreach (double g in gradient.Weight.Cast<double>().Concat(gradient.Bias).Concat(gradient.Gamma).Concat(gradient.Beta))
                squares += Math.Pow(Math.Min(Math.Abs(g), limit), 2);
        }

        return Math.Sqrt(squares);
    }

    private static void Scale(ReferenceNetwork network, double factor)
    {
        foreach (ReferenceLayer layer in network.Layers)
            for (LayerTensor tensor = LayerTensor.Weight; tensor <= LayerTensor.Beta; tensor++) Scale(ReferenceNetwork.Tensor(layer, tensor), factor);
    }

    private static void Scale(IReadOnlyList<ReferenceGradient> gradients, double factor)
    {
        foreach (ReferenceGradient gradient in gradients)
            for (LayerTensor tensor = LayerTensor.Weight; tensor <= LayerTensor.Beta; tensor++) Scale(ReferenceNetwork.Tensor(gradient, tensor), factor);
    }

    private static void Scale(Span<double> values, double factor)
    {
        foreach (ref double value in values) value *= factor;
    }
}
