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

        List<(Setting Setting, Argument<string?> Argument)> arguments =
            [.. settings.Where(s => s.Argument is not null).Select(s => (s, new Argument<string?>(s.Argument!)
            {
                Description = $"The same as {s.Option}.",
                Arity = ArgumentArity.ZeroOrOne,
            }))];
        foreach ((_, Argument<string?> argument) in arguments)
            command.Arguments.Add(argument);

        command.SetAction((parse, _) =>
        {
            Dictionary<string, string?> chosen = options.Where(o => parse.GetResult(o.Option) is not null)
                .ToDictionary(o => o.Setting.Path, o => o.Setting.IsFlag ? bool.TrueString : parse.GetValue(o.Option));
            return AddWords(chosen, [.. arguments.Select(a => a.Setting)], [.. arguments.Select(a => parse.GetValue(a.Argument)).OfType<string>()]) is { } surplus
                ? Task.FromResult(Failure.Report(ExitCodes.Usage, $"{command.Name} has no use for {Printable.Quoted(surplus)}: what it could mean is given as an option; see {command.Name} --help."))
                : RunnerHost.RunAsync<TJob>(chosen, new OutputMode(json && parse.GetValue(jsonOption)));
        });
        return command;
    }

    // Words are taken for the settings that are not given as options, in their order. Returns the first word that is too much.
    private static string? AddWords(Dictionary<string, string?> chosen, IReadOnlyList<Setting> settings, IReadOnlyList<string> words)
    {
        Setting[] open = [.. settings.Where(setting => !chosen.ContainsKey(setting.Path))];
        foreach ((Setting setting, string word) in open.Zip(words))
            chosen[setting.Path] = word;
        return words.Skip(open.Length).FirstOrDefault();
    }
}
