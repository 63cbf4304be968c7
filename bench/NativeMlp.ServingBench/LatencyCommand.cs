// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NativeMlp.Bench.Workloads;
using NativeMlp.Hosting;

namespace NativeMlp.ServingBench;

/// <summary>How long one prediction of a served model takes while others predict, and while its file is replaced.</summary>
internal static class LatencyCommand
{
    private const int Predictions = 300_000;

    public static int Run()
    {
        string folder = Directory.CreateTempSubdirectory("nativemlp-serving-").FullName;
        ModelFiles.WriteOwn(ModelFiles.Own(folder), shift: 0);
        using (ServiceProvider services = new ServiceCollection()
            .AddNativeMlp("model", options => (options.Path, options.PollInterval) = (ModelFiles.Own(folder), TimeSpan.FromMilliseconds(10))).BuildServiceProvider())
        {
            ServedModel model = services.GetRequiredKeyedService<ServedModel>("model");
            Console.WriteLine("| threads | file | median | 99.9 % | predictions/s | bytes allocated |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
            Measure(model, 1, folder: null);
            foreach (int threads in (int[])[1, 2, 4, 8])
            {
                Print(threads, "stays", Measure(model, threads, folder: null));
                Print(threads, "replaced", Measure(model, threads, folder));
            }
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static void Print(int threads, string file, (double Median, double Rare, double PerSecond, long Allocated) result) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {threads} | {file} | {result.Median:F2} µs | {result.Rare:F2} µs | {result.PerSecond:#,0} | {result.Allocated} |"));

    private static (double Median, double Rare, double PerSecond, long Allocated) Measure(ServedModel model, int threads, string? folder)
    {
        long[][] ticks = [.. Enumerable.Range(0, threads).Select(_ => new long[Predictions])];
        long allocated = 0;
        using Barrier start = new(threads + 1);
        Thread[] all = [.. ticks.Select(mine => new Thread(() => Interlocked.Add(ref allocated, Predict(model, mine, start))))];
        foreach (Thread thread in all) thread.Start();
        using CancellationTokenSource done = new();
        Thread? replacing = folder is null ? null : new Thread(() => Replace(folder, done.Token));
        start.SignalAndWait();
        replacing?.Start();
        long began = Stopwatch.GetTimestamp();
        foreach (Thread thread in all) thread.Join();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        done.Cancel();
        replacing?.Join();
        long[] sorted = [.. ticks.SelectMany(mine => mine).Order()];
        return (Microseconds(sorted[sorted.Length / 2]), Microseconds(sorted[(int)(sorted.Length * 0.999)]), sorted.Length / seconds, allocated);
    }

    private static long Predict(ServedModel model, long[] ticks, Barrier start)
    {
        float[] row = RandomData.Floats(ModelFiles.Inputs, seed: 9), scores = new float[ModelFiles.Outputs];
        model.Predict(row, scores);
        start.SignalAndWait();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < ticks.Length; i++)
        {
            long at = Stopwatch.GetTimestamp();
            model.Predict(row, scores);
            ticks[i] = Stopwatch.GetTimestamp() - at;
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Replace(string folder, CancellationToken done)
    {
        for (int i = 1; !done.WaitHandle.WaitOne(100); i++) ModelFiles.WriteOwn(ModelFiles.Own(folder), shift: i);
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
