// SPDX-License-Identifier: MIT
using System.Runtime.ExceptionServices;

namespace NativeMlp.Tabular.Reading;

/// <summary>
/// Reads a text once: each thread takes the next block, parses it, and appends its columns in the order of the blocks. Therefore the
/// columns, and the reported error if there is one, do not depend on the number of threads.
/// </summary>
/// <param name="blocks">The text.</param>
/// <param name="parser">Creates the parser of a thread.</param>
/// <param name="append">Receives the results of a block. It is called in the order of the blocks, and never by two threads at
/// the same time.</param>
internal sealed class BlockPass(RecordBlocks blocks, Func<CsvBlockParser> parser, Action<CsvBlockParser> append)
{
    private readonly Lock _source = new();
    private readonly object _turn = new();
    private int _taken, _appended;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Reads all blocks.</summary>
    /// <param name="first">The first block, if it has already been read; otherwise null.</param>
    /// <param name="threads">The number of threads, including the calling thread.</param>
    public void Run(RecordBlock? first, int threads)
    {
        if (first is not null) _taken = 1;
        Thread[] others = new Thread[blocks.HasEnded ? 0 : threads - 1];
        for (int i = 0; i < others.Length; i++)
        {
            others[i] = new Thread(() => Work(null)) { IsBackground = true, Name = "NativeMlp.Tabular" };
            others[i].Start();
        }

        Work(first);
        foreach (Thread other in others) other.Join();
        _failure?.Throw();
    }

    private void Work(RecordBlock? first)
    {
        CsvBlockParser columns = parser();
        var block = new RecordBlock();
        if (first is not null && !Finish(0, Try(() => columns.Parse(first)), columns)) return;
        while (true)
        {
            (int index, bool taken, ExceptionDispatchInfo? failure) = Take(block);
            if (!taken && failure is null) return;
            failure ??= Try(() => columns.Parse(block));
            if (!Finish(index, failure, columns)) return;
        }
    }

    private (int Index, bool Taken, ExceptionDispatchInfo? Failure) Take(RecordBlock block)
    {
        lock (_source)
        {
            bool taken = false;
            ExceptionDispatchInfo? failure = Volatile.Read(ref _failure) is null ? Try(() => taken = blocks.Next(block)) : null;
            return (taken || failure is not null ? _taken++ : _taken, taken, failure);
        }
    }

    // Waits for the previous blocks, and appends. Returns whether to continue.
    private bool Finish(int index, ExceptionDispatchInfo? failure, CsvBlockParser columns)
    {
        lock (_turn)
        {
            while (_appended != index && _failure is null) Monitor.Wait(_turn);
            if (_failure is null)
            {
                _failure = failure ?? Try(() => append(columns));
                _appended++;
            }

            Monitor.PulseAll(_turn);
            return _failure is null;
        }
    }

    // An exception on a thread is rethrown on the calling thread.
    private static ExceptionDispatchInfo? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            return ExceptionDispatchInfo.Capture(e);
        }
    }
}
