// SPDX-License-Identifier: MIT
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs.Verify;

/// <summary>
/// Runs this program again with another instruction set. The native library chooses its instruction set once per process.
/// </summary>
internal sealed class InstructionSetProcess(string isa, bool withLong)
{
    /// <summary>The environment variable that names the instruction set of a process.</summary>
    public const string Variable = "NMLP_ISA";

    private string _complaint = "";

    /// <summary>The reason why the process did not report everything. It is valid after the rows have been read.</summary>
    public string Complaint => _complaint;

    /// <summary>Returns the rows that the process reports, as they arrive.</summary>
    /// <exception cref="OperationCanceledException">The check was stopped.</exception>
    public IEnumerable<VerifyEvent> Rows(CancellationToken stop)
    {
        using Process process = new() { StartInfo = Self() };
        process.ErrorDataReceived += (_, line) => _complaint = _complaint.Length == 0 ? line.Data ?? "" : _complaint;
        if (!TryStart(process))
            yield break;
        process.BeginErrorReadLine();
        using CancellationTokenRegistration kill = stop.Register(() => process.Kill());
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (JsonSerializer.Deserialize(line, JsonLines.Types.VerifyEvent) is { Event: VerifyEvent.Name } row)
                yield return row;
        }
        process.WaitForExit();
        stop.ThrowIfCancellationRequested();
        if (_complaint.Length == 0)
            _complaint = string.Create(CultureInfo.InvariantCulture, $"the process ended with exit code {process.ExitCode}");
    }

    // For example, an emulator of another processor cannot start programs for that processor.
    private bool TryStart(Process process)
    {
        try
        {
            return process.Start();
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException)
        {
            _complaint = $"no process can be started for it here; run {VerifyJob.Command} once more with {Variable}={isa}";
            return false;
        }
    }

    private ProcessStartInfo Self()
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        bool hosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] words = [.. hosted ? Environment.GetCommandLineArgs()[..1] : [], VerifyJob.Command, "--json", .. withLong ? [Setting.Long.Option] : (string[])[]];
        ProcessStartInfo start = new(program, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = isa;
        return start;
    }
}
