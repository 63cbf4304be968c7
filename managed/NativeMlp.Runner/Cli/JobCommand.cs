// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Cli;

/// <summary>
/// A command whose options are settings. The options are not validated here: they become the last
/// configuration source, and the values from the file, the environment and the command line are checked in one place.
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
                Arity = s.IsFlag ? ArgumentArity.Zero : s.IsList ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
                CustomParser = result => string.Join(',', result.Tokens.Select(token => token.Value)), // a list may be given as several options
            }))];
        foreach ((_, Option<string> option) in options)
            command.Options.Add(option);
        Option<bool> jsonOption = new("--json") { Description = "Writes only JSON to standard output, one object per line.", Arity = ArgumentArity.Zero };
        if (json)
            command.Options.Add(jsonOption);

        List<(Setting Setting, Func<ParseResult, IEnumerable<string>> Words)> arguments = [.. settings.Where(s => s.Argument is not null).Select(s => (s, AddArgument(command, s)))];

        command.SetAction((parse, _) =>
        {
            Dictionary<string, string?> chosen = options.Where(o => parse.GetResult(o.Option) is not null)
                .ToDictionary(o => o.Setting.Path, o => o.Setting.IsFlag ? bool.TrueString : parse.GetValue(o.Option));
            return AddWords(chosen, [.. arguments.Select(a => a.Setting)], [.. arguments.SelectMany(a => a.Words(parse))]) is { } surplus
                ? Task.FromResult(Failure.Report(ExitCodes.Usage, $"{command.Name} does not accept the argument {Printable.Quoted(surplus)}: it was already given as an option; see {command.Name} --help."))
                : RunnerHost.RunAsync<TJob>(chosen, new OutputMode(json && parse.GetValue(jsonOption)));
        });
        return command;
    }

    private static Func<ParseResult, IEnumerable<string>> AddArgument(Command command, Setting setting)
    {
        string description = $"The same as {setting.Option}.";
        if (setting.TakesMany)
        {
            Argument<string[]> many = new(setting.Argument!) { Description = description, Arity = ArgumentArity.ZeroOrMore };
            command.Arguments.Add(many);
            return parse => parse.GetValue(many) ?? [];
        }

        Argument<string?> one = new(setting.Argument!) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        command.Arguments.Add(one);
        return parse => parse.GetValue(one) is { } word ? [word] : [];
    }

    // Assigns the arguments, in order, to the settings that are not given as options. Returns the first surplus argument.
    private static string? AddWords(Dictionary<string, string?> chosen, IReadOnlyList<Setting> settings, IReadOnlyList<string> words)
    {
        Setting[] open = [.. settings.Where(setting => !chosen.ContainsKey(setting.Path))];
        foreach ((Setting setting, string word) in open.Zip(words))
            chosen[setting.Path] = word;
        if (open is not [.., { TakesMany: true } last] || words.Count < open.Length)
            return words.Skip(open.Length).FirstOrDefault();
        chosen[last.Path] = string.Join('\n', words.Skip(open.Length - 1));
        return null;
    }
}
