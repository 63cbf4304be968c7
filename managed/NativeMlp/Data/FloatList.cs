// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>A list of floats in blocks. Adding elements never copies others, and the memory is about the size of the
/// elements.</summary>
internal sealed class FloatList
{
    private const int FirstBlock = 1 << 10;
    private const int GreatestBlock = 1 << 22;

    private readonly List<float[]> _full = [];
    private float[] _block = new float[FirstBlock];
    private int _used;
    private long _before;

    /// <summary>The number of elements, which may exceed the maximum length of an array.</summary>
    public long Count => _before + _used;

    public void Add(float value)
    {
        if (_used == _block.Length) Grow();
        _block[_used++] = value;
    }

    /// <summary>Returns all elements in one array and empties the list. There must not be more elements than an array can have.</summary>
    public float[] Take()
    {
        var all = new float[Count];
        int at = 0;
        for (int i = 0; i < _full.Count; i++)
        {
            _full[i].CopyTo(all, at);
            at += _full[i].Length;
            _full[i] = []; // allows it to be collected
        }

        _block.AsSpan(0, _used).CopyTo(all.AsSpan(at));
        _full.Clear();
        (_used, _before) = (0, 0);
        return all;
    }

    private void Grow()
    {
        _full.Add(_block);
        _before += _used;
        _block = new float[Math.Min(2 * _block.Length, GreatestBlock)];
        _used = 0;
    }
}
