// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;

namespace NativeMlp.Onnx.Export;

/// <summary>Collects inputs of a network as they are computed, in any order, and puts them into theirs.</summary>
internal sealed class EncodedColumns
{
    private readonly List<string> _parts = [];
    private readonly List<int> _places = [];

    /// <summary>Adds a float32 matrix whose columns are the inputs at these places.</summary>
    public void Add(string matrix, IEnumerable<int> places)
    {
        _parts.Add(matrix);
        _places.AddRange(places);
    }

    /// <summary>All inputs, <c>[rows × inputs]</c>.</summary>
    public string ToMatrix(GraphMath math)
    {
        string all = math.Concat(_parts);
        long[] sources = new long[_places.Count];
        for (int i = 0; i < sources.Length; i++) sources[_places[i]] = i;
        return sources.SequenceEqual(Enumerable.Range(0, sources.Length).Select(i => (long)i)) ? all : math.Gather(all, sources);
    }
}
