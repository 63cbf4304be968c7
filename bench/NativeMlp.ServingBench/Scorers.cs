// SPDX-License-Identifier: MIT
using NativeMlp.Hosting;
#if ONNX_PEER
using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Onnx;
using NativeMlp.Bench.Peers;
#endif

namespace NativeMlp.ServingBench;

/// <summary>Scores of one row, by any number of threads at once.</summary>
internal interface IScorer
{
    void Score(float[] row, Span<float> scores);
}

internal sealed class OwnScorer(ServedModel model) : IScorer
{
    public void Score(float[] row, Span<float> scores) => model.Predict(row, scores, PredictionKind.Scores);
}

#if ONNX_PEER
/// <summary>One session for all, as its documentation advises; one thread for a row.</summary>
internal sealed class OnnxScorer(string file) : IScorer, IDisposable
{
    private readonly InferenceSession _session = new(file, new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 });
    private readonly RunOptions _run = new();

    public void Score(float[] row, Span<float> scores)
    {
        using OrtValue x = OrtValue.CreateTensorValueFromMemory(row, [1, row.Length]);
        using IDisposableReadOnlyCollection<OrtValue> y = _session.Run(_run, [OnnxModel.Input], [x], [OnnxModel.Output]);
        y[0].GetTensorDataAsSpan<float>().CopyTo(scores);
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }
}

/// <summary>ML.NET's prediction engines over the same ONNX file, pooled, since an engine takes one caller at a time; one thread
/// for a row here, too.</summary>
internal sealed class MlNetScorer(string file) : IScorer
{
    private static readonly MLContext s_context = new(seed: 1);
    private readonly OnnxTransformer _model = Load(file);
    private readonly ConcurrentBag<PredictionEngine<Row, Scores>> _engines = [];

    public void Score(float[] row, Span<float> scores)
    {
        if (!_engines.TryTake(out PredictionEngine<Row, Scores>? engine)) engine = s_context.Model.CreatePredictionEngine<Row, Scores>(_model);
        engine.Predict(new Row { X = row }).Y.CopyTo(scores);
        _engines.Add(engine);
    }

    private static OnnxTransformer Load(string file) => s_context.Transforms.ApplyOnnxModel(new OnnxOptions
    {
        OutputColumns = [OnnxModel.Output],
        InputColumns = [OnnxModel.Input],
        ModelFile = file,
        ShapeDictionary = new Dictionary<string, int[]> { [OnnxModel.Input] = [1, ModelFiles.Inputs] },
        IntraOpNumThreads = 1,
        InterOpNumThreads = 1,
    }).Fit(s_context.Data.LoadFromEnumerable<Row>([]));

    private sealed class Row
    {
        [ColumnName(OnnxModel.Input)]
        [VectorType(32)]
        public float[] X { get; set; } = [];
    }

    private sealed class Scores
    {
        [ColumnName(OnnxModel.Output)]
        [VectorType(2)]
        public float[] Y { get; set; } = [];
    }
}
#endif
