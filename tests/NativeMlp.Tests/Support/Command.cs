// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Text;

namespace NativeMlp.Tests.Support;

/// <summary>What a process left behind.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public override string ToString() => $"exit code {ExitCode}\n--- output\n{Output}\n--- error\n{Error}";
}

/// <summary>Runs a program to its end, with a bound on the time so that a hang is a failure.</summary>
internal sealed class Command(string program, params string[] arguments)
{
    // For a machine that is busy with other things; what takes seconds on an idle one may take minutes there.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(20);
    private readonly Dictionary<string, string> _environment = [];
    private string _folder = "";

    /// <summary>The runner, as a user of a build starts it.</summary>
    public static Command Runner(params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "NativeMlp.Runner.dll"), .. arguments]);

    /// <summary>A script of bash in a folder, where <c>run</c> is the runner and <c>$dll</c> its program.</summary>
    public static Command Shell(TemporaryFolder folder, string script) => new("bash", "-c",
        $"cd '{folder.Path}'\ndll='{Path.Combine(AppContext.BaseDirectory, "NativeMlp.Runner.dll")}'\nrun() {{ dotnet \"$dll\" \"$@\"; }}\n{script}");

    /// <summary>The SDK, without a server that stays behind and holds our streams open.</summary>
    public static Command Sdk(params string[] arguments) => new Command("dotnet", arguments)
        .With("UseSharedCompilation", "false").With("MSBUILDDISABLENODEREUSE", "1").With("DOTNET_CLI_USE_MSBUILD_SERVER", "0")
        .With("DOTNET_CLI_TELEMETRY_OPTOUT", "1").With("DOTNET_NOLOGO", "1").With("DOTNET_CLI_UI_LANGUAGE", "en");

    /// <summary>The same program with signals that are not ignored, as they are in what a shell starts in the background and
    /// beneath nohup. Elsewhere than on Linux it is the program itself.</summary>
    public Command WithDefaultSignals()
    {
        if (!OperatingSystem.IsLinux())
            return this;

        var command = new Command("env", ["--default-signal=HUP,INT,TERM,PIPE", program, .. arguments]);
        foreach ((string name, string value) in _environment)
            command.With(name, value);

        return command;
    }

    /// <summary>The folder in which the program starts; otherwise this program's.</summary>
    public Command In(string folder)
    {
        _folder = folder;
        return this;
    }

    public Command With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>Runs the SDK to a good end; where it cannot reach the registry of packages, the test is skipped.</summary>
    public void RunSdk()
    {
        CommandResult result = Run();
        string? unreachable = result.Lines.FirstOrDefault(line => line.Contains("NU1301", StringComparison.Ordinal)
            || line.Contains("Unable to load the service index", StringComparison.Ordinal));
        Assert.SkipWhen(result.ExitCode != 0 && unreachable is not null, $"the registry of packages is not reachable: {unreachable}");
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <param name="onLine">Called with each line of output and the process.</param>
    public CommandResult Run(Action<string, Process>? onLine = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _folder,
        };
        foreach ((string name, string value) in _environment)
            start.Environment[name] = value;

        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, e) => Add(output, e.Data, process, onLine);
        process.ErrorDataReceived += (_, e) => Add(error, e.Data, process, null);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(Bound))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Bound.TotalMinutes} minutes and was killed. Until then:\n{output}{error}");
        }

        process.WaitForExit(); // the last lines of both streams
        return new CommandResult(process.ExitCode, output.ToString(), error.ToString());
    }

    private static void Add(StringBuilder text, string? line, Process process, Action<string, Process>? onLine)
    {
        if (line is null)
            return;

        text.Append(line).Append('\n');
        onLine?.Invoke(line, process);
    }
}
