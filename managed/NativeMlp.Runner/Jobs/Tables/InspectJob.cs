// SPDX-License-Identifier: MIT
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Shows how a table is read and how its columns are interpreted, without training.</summary>
internal sealed class InspectJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    public const string Command = "inspect";

    public int Run(CancellationToken stop)
    {
        RunnerSettings chosen = settings.Value;
        string path = TableInput.PathIn(chosen, Command);
        TableFile file = TableInput.Read(path, chosen.Table.ReadingOptions with { Threads = chosen.Threads ?? 0 }, stop);
        TableProfile profile = TableInput.Profile(file, chosen.Table.Columns);
        if (mode.Json)
            Write(file, profile);
        else
            Show(file, profile);
        return ExitCodes.Done;
    }

    private static void Write(TableFile file, TableProfile profile)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            ProfileJson.Write(writer, profile, file);
        Console.Out.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Show(TableFile file, TableProfile profile)
    {
        Terminal terminal = Terminal.Create();
        new ProfileView(terminal).Show(file, profile);
        foreach (string note in file.Notes.Concat(profile.Notes))
            terminal.WriteText(note);
    }
}
