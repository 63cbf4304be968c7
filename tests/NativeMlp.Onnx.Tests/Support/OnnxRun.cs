// SPDX-License-Identifier: MIT
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace NativeMlp.Onnx.Tests.Support;

/// <summary>A graph that ONNX Runtime runs.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly IDisposable _results;
    private readonly IReadOnlyCollection<NamedOnnxValue> _values;

    private OnnxRun(byte[] model, IReadOnlyCollection<NamedOnnxValue> inputs)
    {
        _session = new InferenceSession(model, new SessionOptions { IntraOpNumThreads = 1 });
        IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = _session.Run(inputs);
        (_results, _values) = (results, results);
    }

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    public IEnumerable<string> Outputs => _session.OutputMetadata.Keys;

    /// <summary>Runs a graph whose only input is a matrix of floats.</summary>
    public static OnnxRun Of(byte[] model, float[] rows, int columns) =>
        new(model, [NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(rows, [rows.Length / columns, columns]))]);

    /// <summary>Runs a graph with an input for each column.</summary>
    public static OnnxRun Of(byte[] model, params IReadOnlyCollection<NamedOnnxValue> inputs) => new(model, inputs);

    public float[] Floats(string output) => [.. Find(output).AsTensor<float>()];

    public long[] Integers(string output) => [.. Find(output).AsTensor<long>()];

    public void Dispose()
    {
        _results.Dispose();
        _session.Dispose();
    }

    private NamedOnnxValue Find(string output) => _values.Single(value => value.Name == output);
}
