// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Bench.Reporting;

namespace NativeMlp.Bench.Busy;

/// <summary>Programs that want a processor each for as long as they are not disposed.</summary>
internal sealed class EndlessLoops : IDisposable
{
    /// <summary>What this program is started with to be one of them.</summary>
    public const string Word = "endless-loop";

    private readonly List<Process> _loops = [];

    public EndlessLoops(int count)
    {
        for (int i = 0; i < count; i++)
        {
            ProcessStartInfo start = ChildProcess.Self([Word]);
            start.RedirectStandardInput = true;
            Process loop = Process.Start(start)!;
            _loops.Add(loop);
            loop.StandardOutput.ReadLine(); // it is at work
        }
    }

    /// <summary>Loops until the program that started this one has ended.</summary>
    public static int Run()
    {
        bool ended = false;
        new Thread(() =>
        {
            Console.In.ReadToEnd();
            Volatile.Write(ref ended, true);
        })
        { IsBackground = true }.Start();
        Console.WriteLine("looping");
        while (!Volatile.Read(ref ended)) Thread.SpinWait(1);
        return 0;
    }

    public void Dispose()
    {
        foreach (Process loop in _loops)
        {
            loop.Kill();
            loop.WaitForExit();
            loop.Dispose();
        }
    }
}
