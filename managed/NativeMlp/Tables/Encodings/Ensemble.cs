// SPDX-License-Identifier: MIT
using System.Buffers;

namespace NativeMlp.Tables.Encodings;

/// <summary>Networks whose predictions are averaged: from cells to probabilities, or to values in the units of the targets.</summary>
internal sealed class Ensemble(TableEncoding encoding, TableLabels labels, Mlp[] networks)
{
    private readonly PredictionKind _kind = labels.Task == TableTask.Regression ? PredictionKind.Scores : PredictionKind.Probabilities;

    /// <summary>Predicts one row, without an allocation.</summary>
    public void Answer(ReadOnlySpan<double> cells, Span<double> values)
    {
        long started = Telemetry.Start();
        float[] inputs = ArrayPool<float>.Shared.Rent(encoding.Inputs);
        encoding.Encode(cells, inputs.AsSpan(0, encoding.Inputs));
        Answer(inputs.AsSpan(0, encoding.Inputs), 1, values);
        ArrayPool<float>.Shared.Return(inputs);
        Telemetry.Predicted(1, started);
    }

    /// <summary>Predicts some rows of a table.</summary>
    public void Answer(BoundTable table, int first, int end, Span<double> values)
    {
        long started = Telemetry.Start();
        int width = encoding.Inputs;
        float[] inputs = ArrayPool<float>.Shared.Rent((end - first) * width);
        for (int row = first; row < end; row++) table.Encode(row, inputs.AsSpan((row - first) * width, width));
        Answer(inputs.AsSpan(0, (end - first) * width), end - first, values);
        ArrayPool<float>.Shared.Return(inputs);
        Telemetry.Predicted(end - first, started);
    }

    private void Answer(ReadOnlySpan<float> inputs, int rows, Span<double> values)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(values.Length);
        Span<float> outputs = rented.AsSpan(0, values.Length);
        values.Clear();
        foreach (Mlp network in networks)
        {
            network.PredictUnreported(Batch.FromRows(inputs, rows, encoding.Inputs), outputs, _kind, threads: 1);
            for (int i = 0; i < values.Length; i++) values[i] += outputs[i];
        }

        ArrayPool<float>.Shared.Return(rented);
        for (int i = 0; i < values.Length; i++) values[i] = labels.FromOutput(i % labels.Names.Count, values[i] / networks.Length);
    }
}
