// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;

namespace NativeMlp.ServingBench;

/// <summary>The same web service over each library, one after the other and that three times, each with 64 connections.</summary>
internal static class EndpointsCommand
{
    private const int Connections = 64, WarmUp = 500, Requests = 1000, Rounds = 3, Replacements = 10;

    public static async Task<int> RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("nativemlp-serving-").FullName;
        ModelFiles.Write(folder);
#if ONNX_PEER
        string[] libraries = ["NativeMlp", "ONNX Runtime", "ML.NET"];
#else
        string[] libraries = ["NativeMlp"];
#endif
        Console.WriteLine("| library | round | requests/s | median | 99.9 % | bytes allocated for a prediction |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        for (int round = 1; round <= Rounds; round++)
        {
            foreach (string library in libraries) Print(library, $"{round}", await MeasureAsync(library, folder, replace: false));
            Print("NativeMlp, file replaced ten times", $"{round}", await MeasureAsync("NativeMlp", folder, replace: true));
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static void Print(string library, string round, (LoadResult Load, string Allocated) result) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {library} | {round} | {result.Load.RequestsPerSecond:#,0} | {result.Load.Median.TotalMilliseconds:F2} ms | {result.Load.Rare.TotalMilliseconds:F2} ms | {result.Allocated} |"));

    private static async Task<(LoadResult Load, string Allocated)> MeasureAsync(string library, string folder, bool replace)
    {
        using Process service = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Service.Word, library, folder]) { RedirectStandardOutput = true })!;
        try
        {
            Uri address = new(await service.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The service over {library} did not start."));
            using HttpClient client = new();
            await Load.RunAsync(address, Connections, WarmUp);
            await client.GetStringAsync(new Uri(address, "/allocated"));
            Task<LoadResult> load = Load.RunAsync(address, Connections, Requests);
            if (replace) await ReplaceAsync(folder);
            LoadResult result = await load;
            return (result, await client.GetStringAsync(new Uri(address, "/allocated")));
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync();
        }
    }

    private static async Task ReplaceAsync(string folder)
    {
        for (int i = 1; i <= Replacements; i++)
        {
            await Task.Delay(150);
            ModelFiles.WriteOwn(ModelFiles.Own(folder), shift: i);
        }
    }
}
