// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <content>Predictions that return arrays. The overloads that write to the caller's memory allocate nothing.</content>
public sealed partial class Mlp
{
    /// <summary>Computes the scores or probabilities of rows.</summary>
    /// <returns><c>[rows × outputs]</c>.</returns>
    /// <inheritdoc cref="Predict(in Batch, Span{float}, PredictionKind, int)"/>
    public float[] Predict(in Batch batch, PredictionKind kind = PredictionKind.Scores, int threads = 1)
    {
        float[] outputs = new float[LengthOf(batch)];
        Predict(batch, outputs, kind, threads);
        return outputs;
    }

    /// <summary>Computes the probabilities of rows (<see cref="PredictionKind.Probabilities"/>).</summary>
    /// <returns><c>[rows × outputs]</c>.</returns>
    /// <inheritdoc cref="Predict(in Batch, Span{float}, PredictionKind, int)"/>
    public float[] PredictProbabilities(in Batch batch, int threads = 1) => Predict(batch, PredictionKind.Probabilities, threads);

    /// <summary>Computes the scores or probabilities of one row.</summary>
    /// <param name="row">Its features, <c>[inputs]</c>.</param>
    /// <param name="kind">What to return.</param>
    /// <returns><c>[outputs]</c>.</returns>
    /// <exception cref="ArgumentException"><paramref name="row"/> does not have one element for each input.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public float[] Predict(ReadOnlySpan<float> row, PredictionKind kind = PredictionKind.Scores) => Predict(OneRow(row), kind);

    /// <summary>Computes the class of one row, as <see cref="PredictClasses(in Batch, Span{int}, int)"/> does.</summary>
    /// <param name="row">Its features, <c>[inputs]</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="row"/> does not have one element for each input.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public int PredictClass(ReadOnlySpan<float> row)
    {
        Span<int> answer = [0];
        PredictClasses(OneRow(row), answer);
        return answer[0];
    }

    private Batch OneRow(ReadOnlySpan<float> row)
    {
        Check.Length(row.Length, Inputs, "one for each input of the network", nameof(row));
        return Batch.FromRows(row, 1);
    }

    private int LengthOf(in Batch batch) => Check.Elements(batch.Rows, Outputs, "outputs", "predict fewer rows at a time", nameof(batch));
}
