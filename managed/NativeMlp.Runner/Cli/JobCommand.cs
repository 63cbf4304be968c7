// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Cli;

/// <summary>
/// A command whose options are settings. Their texts are not judged here: they become the last layer
/// of configuration, and one place checks what comes from the file, the environment and the command line.
/// </summary>
internal static class JobCommand
{
    public static Command Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TJob>(
        Command command, bool json, params IReadOnlyList<Setting> settings)
        where TJob : class, IJob
    {
        List<(Setting Setting, Option<string> Option)> options =
            [.. settings.Select(s => (s, new Option<string>(s.Option)
            {
                HelpName = s.HelpName,
                Description = s.Help,
                Arity = s.IsFlag ? ArgumentArity.Zero : ArgumentArity.ExactlyOne,
            }))];
        foreach ((_, Option<string> option) in options)
            command.Options.Add(option);
        Option<bool> jsonOption = new("--json") { Description = "One JSON object a line on standard output and nothing else there.", Arity = ArgumentArity.Zero };
        if (json)
            command.Options.Add(jsonOption);

        command.SetAction((parse, _) => RunnerHost.RunAsync<TJob>(
            options.Where(o => parse.GetResult(o.Option) is not null)
                .ToDictionary(o => o.Setting.Path, o => o.Setting.IsFlag ? bool.TrueString : parse.GetValue(o.Option)),
            new OutputMode(json && parse.GetValue(jsonOption))));
        return command;
    }
}
