// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs.Verify;

/// <summary>
/// Trains the agreed runs on every instruction set of this machine and with 1, 2 and 3 threads, and compares the hashes of
/// the weights with the expected hashes. If NMLP_ISA names an instruction set, only that one is checked.
/// </summary>
internal sealed class VerifyJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    /// <summary>The name of the command.</summary>
    public const string Command = "verify";

    private static readonly int[] ThreadCounts = [1, 2, 3];

    private readonly bool _long = settings.Value.Long;

    public int Run(CancellationToken stop)
    {
        IReadOnlyList<AgreedRun> runs = AgreedRuns.Create(_long);
        VerifyView view = new(Terminal.Create(), mode);
        view.Begin(runs, Row(runs, NameOf(NativeLibraryInfo.Active), 1));
        List<VerifyEvent> rows = [];
        foreach (VerifyEvent row in OfThisProcess(runs, stop).Concat(Others().SelectMany(isa => OfAnotherProcess(runs, isa, stop))))
        {
            rows.Add(row);
            view.Show(row);
        }
        view.End(rows);
        return Explain(rows);
    }

    /// <summary>Returns 0 only if everything was checked and is equal.</summary>
    public static int Explain(IReadOnlyList<VerifyEvent> rows)
    {
        if (rows.FirstOrDefault(row => row is { Same: false, Error: null }) is { } different)
        {
            return Failure.Report(ExitCodes.Different,
                $"The weights differ from the expected ones on {different.Isa} with {Format.Threads(different.Threads)}; please report the table.");
        }
        if (rows.FirstOrDefault(row => row.Error is not null) is { } missing)
            return Failure.Report(ExitCodes.Unexpected, $"{missing.Isa} could not be checked: {missing.Error}.");
        return ExitCodes.Done;
    }

    private static IEnumerable<VerifyEvent> OfThisProcess(IReadOnlyList<AgreedRun> runs, CancellationToken stop) =>
        ThreadCounts.Select(threads => Check(runs, Row(runs, NameOf(NativeLibraryInfo.Active), threads), stop));

    private IEnumerable<VerifyEvent> OfAnotherProcess(IReadOnlyList<AgreedRun> runs, string isa, CancellationToken stop)
    {
        InstructionSetProcess process = new(isa, _long);
        List<int> reported = [];
        foreach (VerifyEvent row in process.Rows(stop))
        {
            reported.Add(row.Threads);
            yield return row;
        }
        foreach (int threads in ThreadCounts.Except(reported))
            yield return Row(runs, isa, threads) with { Error = process.Complaint };
    }

    private static VerifyEvent Check(IReadOnlyList<AgreedRun> runs, VerifyEvent row, CancellationToken stop)
    {
        VerifiedRun[] found = [.. runs.Select(run => Check(run, row.Threads, stop))];
        return row with { WeightsSha256 = AgreedRun.Combine(found.Select(run => run.WeightsSha256)), Same = found.All(run => run.Same), Runs = found };
    }

    private static VerifiedRun Check(AgreedRun run, int threads, CancellationToken stop)
    {
        string found = run.Train(threads, stop);
        return new VerifiedRun(run.Name, found, found == run.WeightsSha256);
    }

    // A row without results.
    private static VerifyEvent Row(IReadOnlyList<AgreedRun> runs, string isa, int threads) => new(
        VerifyEvent.Name, Machine.System, Machine.Processor, isa, threads, NativeLibraryInfo.Compiler, WeightsSha256: null,
        AgreedRun.Combine(runs.Select(run => run.WeightsSha256)), Same: false, Runs: [], Error: null);

    private static IEnumerable<string> Others() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(InstructionSetProcess.Variable))
            ? NativeLibraryInfo.Available.Where(isa => isa != NativeLibraryInfo.Active).Select(NameOf) : [];

    private static string NameOf(InstructionSet isa) => isa.ToString().ToLowerInvariant(); // as in NMLP_ISA
}
