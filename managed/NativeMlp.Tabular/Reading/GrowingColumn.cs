// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>
/// The values of a column while it is read. The first array has space for the expected number, so usually no
/// value is ever copied. Memory that is never written costs nothing. Further values are stored in additional arrays.
/// </summary>
internal sealed class GrowingColumn<T>(long expected)
    where T : unmanaged
{
    private const int LeastRoom = 1 << 12;

    private readonly List<T[]> _full = [];
    private T[] _last = GC.AllocateUninitializedArray<T>((int)Math.Clamp(expected, LeastRoom, Array.MaxLength));
    private int _used;
    private long _before;

    public long Count => _before + _used;

    public void Append(ReadOnlySpan<T> values)
    {
        while (!values.IsEmpty)
        {
            if (_used == _last.Length) Grow();
            int length = Math.Min(values.Length, _last.Length - _used);
            values[..length].CopyTo(_last.AsSpan(_used));
            _used += length;
            values = values[length..];
        }
    }

    /// <summary>Returns all values. Nothing may be appended afterwards.</summary>
    public ReadOnlyMemory<T> Take()
    {
        if (_full.Count == 0) return _last.AsMemory(0, _used);
        T[] all = GC.AllocateUninitializedArray<T>(checked((int)Count));
        int at = 0;
        for (int i = 0; i < _full.Count; i++)
        {
            _full[i].CopyTo(all, at);
            at += _full[i].Length;
            _full[i] = []; // allows it to be collected
        }

        _last.AsSpan(0, _used).CopyTo(all.AsSpan(at));
        return all;
    }

    private void Grow()
    {
        _full.Add(_last);
        _before += _used;
        _last = GC.AllocateUninitializedArray<T>(Math.Max(LeastRoom, (int)(_before / 8)));
        _used = 0;
    }
}
