// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Processors;

namespace NativeMlp.Bench.Reporting;

/// <summary>All rows of all rounds.</summary>
internal sealed class Measurements
{
    private readonly record struct Key(string Peer, int Threads, string Section, string Case);

    private readonly Dictionary<Key, List<Row>> _rows = [];
    private readonly SortedDictionary<string, string> _missing = [];

    /// <summary>Peers that could not be used, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Missing => _missing;

    /// <summary>Adds what one child process measured in one round.</summary>
    public void Add(string peer, int threads, IEnumerable<Row> rows)
    {
        foreach (Row row in rows)
        {
            if (row.Section == Sections.Peer && row.Error is { } error) _missing[peer] = error;
            Key key = new(peer, threads, row.Section, row.Case);
            if (!_rows.TryGetValue(key, out List<Row>? list)) _rows[key] = list = [];
            list.Add(row);
        }
    }

    /// <summary>A quantity; null if no round has it.</summary>
    public Figure? Find(string peer, int threads, string section, string name)
    {
        if (!_rows.TryGetValue(new Key(peer, threads, section, name), out List<Row>? rows)) return null;
        double[] values = [.. rows.Where(row => row.Error is null).Select(row => row.Value)];
        return values.Length == 0 ? null : new Figure(values, rows.Any(row => row.Disturbed));
    }

    /// <summary>The cases of a section that a peer has figures for.</summary>
    public IEnumerable<string> Cases(string peer, int threads, string section) =>
        _rows.Keys.Where(key => key.Peer == peer && key.Threads == threads && key.Section == section).Select(key => key.Case);

    /// <summary>The quantity with the number of threads that makes it least.</summary>
    public (Figure Figure, int Threads)? FindFastest(string peer, string section, string name) =>
        ThreadCounts
            .Select(threads => (Figure: Find(peer, threads, section, name)!, Threads: threads))
            .Where(found => found.Figure is not null)
            .OrderBy(found => found.Figure.Median)
            .Cast<(Figure, int)?>()
            .FirstOrDefault();

    /// <summary>The fastest of the other peers; null if none does this.</summary>
    public (PeerEntry Peer, Figure Figure, int Threads)? FindBestPeer(string section, string name) =>
        PeerList.Others
            .Select(peer => (Peer: peer, Found: FindFastest(peer.Key, section, name)))
            .Where(entry => entry.Found is not null)
            .Select(entry => (entry.Peer, entry.Found!.Value.Figure, entry.Found.Value.Threads))
            .OrderBy(entry => entry.Figure.Median)
            .Cast<(PeerEntry, Figure, int)?>()
            .FirstOrDefault();

    /// <summary>What a cell says where there is no figure.</summary>
    public string Absence(string peer, int threads, string section, string name)
    {
        if (_missing.ContainsKey(peer)) return "not available";
        string? error = _rows.GetValueOrDefault(new Key(peer, threads, section, name))?.Select(row => row.Error).FirstOrDefault();
        return error is null ? "–" : "failed: " + error;
    }

    /// <summary>One, and two where there are so many cores.</summary>
    public static IReadOnlyList<int> ThreadCounts { get; } = Cores.Physical.Count > 1 ? [1, 2] : [1];
}
