// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Processors;

namespace NativeMlp.Bench.Measuring;

/// <summary>The calling thread and helpers, each on a core of its own, do the same job at the same time.</summary>
/// <remarks>Between jobs the helpers sleep: spinning, they would take the cores from the threads of what is measured. The
/// caller is on its core only during jobs, until <see cref="PinCaller"/>: threads inherit the
/// cores of who starts them, and an OpenMP runtime looks at the caller's.</remarks>
internal sealed class Team : IDisposable
{
    private readonly AutoResetEvent[] _wake;
    private readonly SpinBarrier _start;
    private readonly SpinBarrier _end;
    private Action<int>? _job;
    private bool _callerIsPinned;

    public Team(int threads)
    {
        Threads = threads;
        _start = new SpinBarrier(threads);
        _end = new SpinBarrier(threads);
        _wake = [.. Enumerable.Range(1, threads - 1).Select(_ => new AutoResetEvent(false))];
        for (int thread = 1; thread < threads; thread++)
        {
            int number = thread;
            new Thread(() => Help(number)) { IsBackground = true }.Start();
        }
    }

    public int Threads { get; }

    /// <summary>Leaves the caller on its core from now on.</summary>
    public void PinCaller()
    {
        Cores.PinCurrentThread(Cores.Physical[0]);
        _callerIsPinned = true;
    }

    /// <summary>Every thread does the job, all beginning together; the argument is the thread's number, the caller's 0.</summary>
    public void Run(Action<int> job)
    {
        _job = job;
        if (!_callerIsPinned) Cores.PinCurrentThread(Cores.Physical[0]);
        foreach (AutoResetEvent wake in _wake) wake.Set();
        Share(0, job);
        if (!_callerIsPinned) Cores.FreeCurrentThread();
    }

    public void Dispose()
    {
        _job = null;
        foreach (AutoResetEvent wake in _wake) wake.Set();
    }

    private void Help(int thread)
    {
        Cores.PinCurrentThread(Cores.Physical[thread]);
        for (; ; )
        {
            _wake[thread - 1].WaitOne();
            if (_job is not { } job) return;
            Share(thread, job);
        }
    }

    private void Share(int thread, Action<int> job)
    {
        _start.Wait(thread);
        job(thread);
        _end.Wait(thread);
    }
}
