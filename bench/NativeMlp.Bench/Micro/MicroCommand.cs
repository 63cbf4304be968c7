// SPDX-License-Identifier: MIT
using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Running;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Reporting;

namespace NativeMlp.Bench.Micro;

/// <summary>The BenchmarkDotNet side: the same peers and cases as in the report, one at a time and with all of its tools.</summary>
internal static class MicroCommand
{
    public static int Run(string[] args)
    {
        Dictionary<string, string> missing = Missing();
        foreach ((string peer, string reason) in missing) Console.Error.WriteLine($"{PeerList.WithKey(peer).Name} is skipped: {reason}");
        IConfig config = ManualConfig.Create(DefaultConfig.Instance)
            .WithArtifactsPath(Path.Combine(Repository.Root, "BenchmarkDotNet.Artifacts"))
            .WithOption(ConfigOptions.JoinSummary, false)
            .AddFilter(new SimpleFilter(benchmark => CanRun(benchmark, missing)))
            .HideColumns(Column.Job, Column.Toolchain, Column.Error);
        // In this process: a build of its own would know nothing of the peers that this one was built with.
        BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run([.. args, "--inProcess"], config);
        return 0;
    }

    private static bool CanRun(BenchmarkCase benchmark, Dictionary<string, string> missing)
    {
        if (benchmark.Descriptor.WorkloadMethod.GetCustomAttribute<PeerBenchmarkAttribute>() is not { } peer) return true;
        bool oneThread = benchmark.Parameters.Items.All(item => item is not { Name: "Threads", Value: not 1 });
        return !missing.ContainsKey(peer.Key) && (oneThread || PeerList.WithKey(peer.Key).Parallel);
    }

    private static Dictionary<string, string> Missing()
    {
        Dictionary<string, string> missing = [];
        foreach (PeerEntry peer in PeerList.All)
        {
            try
            {
                peer.Create();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                missing[peer.Key] = PeerMissingException.Reason(e);
            }
        }

        return missing;
    }
}
