// SPDX-License-Identifier: MIT
using NativeMlp.Reference;

namespace NativeMlp.Tests.Differential;

/// <summary>
/// One random case: some training steps, then predictions and an evaluation, each beside the reference's. The reference starts
/// each step from the library's own state, so that every step is compared by the rounding of that step alone.
/// </summary>
internal sealed class Trial
{
    private readonly RandomCase _case;
    private readonly Mlp _mlp;
    private readonly Comparison _comparison = new();

    private Trial(RandomCase c, Mlp mlp) => (_case, _mlp) = (c, mlp);

    /// <summary>Runs a case.</summary>
    public static Comparison Run(RandomCase c)
    {
        using var mlp = new Mlp(c.Network);
        var trial = new Trial(c, mlp);
        trial.Disturb();
        for (int step = 0; step < c.Steps; step++) trial.Step(step == c.Steps - 1 ? c.OddRows : c.Network.MaxBatch);
        trial.Predict(c.Network.MaxBatch);
        trial.Predict(1);
        return trial._comparison;
    }

    // Biases, gains and shifts begin at 0 and 1, where a wrong factor would not show.
    private void Disturb()
    {
        for (int l = 0; l < _mlp.Layers.Count; l++)
        {
            foreach (LayerTensor tensor in _mlp.Layers[l].Tensors)
            {
                if (tensor is LayerTensor.Weight or LayerTensor.RunningMean or LayerTensor.RunningVariance) continue;
                float[] values = new float[_mlp.Layers[l].Width];
                Kernels.RandomNormal(_case.Network.Seed, (ulong)(l * 4) + (ulong)tensor, values, tensor == LayerTensor.Gamma ? 1 : 0, 0.2f);
                _mlp.Write(TensorKind.Parameter, l, tensor, values);
            }
        }
    }

    private void Step(int rows)
    {
        int[] drawn = _case.Data.Draw(rows);
        Batch batch = _case.Data.Batch(drawn);
        ReferenceTargets targets = _case.Data.Targets(drawn);
        ReferenceOptimizer before = ReferenceOptimizer.FromMlp(_mlp, _case.Optimizer);
        var analysis = new NetworkErrors(_case.Network, before.Network, _case.Data.Inputs(drawn), GradientCheck.Masks(_mlp, rows));

        StepResult gradients = _mlp.ComputeGradients(batch, _case.Optimizer.L2);
        analysis.Differentiate(targets, _case.Optimizer.L2);
        CompareLoss(gradients, analysis, targets);
        _comparison.Tensors(_mlp, TensorKind.Gradient, (l, tensor) => Of(analysis.Gradients[l], tensor), (l, tensor) => Of(analysis.GradientErrors[l], tensor));

        var update = new UpdateErrors(_mlp, _case.Optimizer);
        StepResult result = _mlp.TrainStep(batch, _case.Optimizer);
        CompareLoss(result, analysis, targets);
        update.Compare(_comparison, result.GradientNorm);
        CompareStatistics(analysis);
    }

    private void CompareLoss(StepResult result, NetworkErrors analysis, ReferenceTargets targets)
    {
        _comparison.Near("the loss", analysis.Loss(targets, _case.Optimizer.L2), result.Loss, analysis.LossError(targets, _case.Optimizer.L2));
        _comparison.Near("the loss of the data", analysis.Loss(targets, 0), result.DataLoss, analysis.LossError(targets, 0));
        CompareCorrect(result, analysis, targets);
    }

    // Rows whose greatest score is not the label's by more than rounding are wrong, others are right or in doubt.
    private void CompareCorrect(StepResult result, NetworkErrors analysis, ReferenceTargets targets)
    {
        if (_case.Network.Loss is not (Loss.SoftmaxCrossEntropy or Loss.MulticlassHinge)) return;
        int least = 0, most = 0;
        for (int i = 0; i < targets.Labels.Length; i++)
        {
            int label = targets.Labels[i];
            int[] others = [.. Enumerable.Range(0, _mlp.Outputs).Where(j => j != label)];
            least += others.All(j => analysis.Score(i, label, -1) > analysis.Score(i, j, 1)) ? 1 : 0;
            most += others.All(j => analysis.Score(i, label, 1) >= analysis.Score(i, j, -1)) ? 1 : 0;
        }

        _comparison.That(result.Correct >= least && result.Correct <= most, $"{result.Correct} rows are right, not {least} to {most}");
    }

    private void CompareStatistics(NetworkErrors analysis)
    {
        for (int l = 0; l < _mlp.Layers.Count; l++)
        {
            if (_mlp.Layers[l].Norm != Norm.Batch) continue;
            (double[] mean, double[] meanErrors, double[] variance, double[] varianceErrors) = analysis.RunningStatistics(l);
            Compare(LayerTensor.RunningMean, mean, meanErrors);
            Compare(LayerTensor.RunningVariance, variance, varianceErrors);

            void Compare(LayerTensor tensor, double[] expected, double[] errors)
            {
                float[] actual = new float[_mlp.Layers[l].Width];
                _mlp.Read(TensorKind.Parameter, l, tensor, actual);
                _comparison.Numbers($"{tensor} of layer {l}", expected, actual, errors);
            }
        }
    }

    private void Predict(int rows)
    {
        int[] drawn = _case.Data.Draw(rows);
        Batch batch = _case.Data.Batch(drawn);
        ReferenceTargets targets = _case.Data.Targets(drawn);
        var analysis = new NetworkErrors(_case.Network, ReferenceNetwork.FromMlp(_mlp), _case.Data.Inputs(drawn), masks: null, training: false);
        float[] scores = new float[rows * _mlp.Outputs], probabilities = new float[rows * _mlp.Outputs];
        _mlp.Predict(batch, scores, PredictionKind.Scores, _case.Network.Threads);
        _mlp.Predict(batch, probabilities, PredictionKind.Probabilities);
        _comparison.Numbers($"the scores of {rows} rows", Flat(analysis.Scores), scores, Flat(analysis.ScoreErrors));
        (double[,] expected, double[,] errors) = analysis.Probabilities();
        _comparison.Numbers($"the probabilities of {rows} rows", Flat(expected), probabilities, Flat(errors));

        StepResult evaluation = _mlp.Evaluate(batch);
        _comparison.Near("the evaluated loss", analysis.Loss(targets, 0), evaluation.DataLoss, analysis.LossError(targets, 0));
        CompareCorrect(evaluation, analysis, targets);
        if (_mlp.Outputs > 1) CompareClasses(_mlp.PredictClasses(batch), analysis);
    }

    private void CompareClasses(int[] classes, NetworkErrors analysis)
    {
        for (int i = 0; i < classes.Length; i++)
        {
            double greatest = Enumerable.Range(0, _mlp.Outputs).Max(j => analysis.Score(i, j, -1));
            _comparison.That(analysis.Score(i, classes[i], 1) >= greatest, $"row {i} has class {classes[i]}, whose score is not the greatest");
        }
    }

    private static double[] Of(ReferenceGradient gradient, LayerTensor tensor) => ReferenceNetwork.Tensor(gradient, tensor).ToArray();

    private static double[] Flat(double[,] matrix) => [.. matrix.Cast<double>()];
}
