// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;

namespace NativeMlp.Runner.Settings;

/// <summary>
/// Reads the settings from the configuration sources. It does not use reflection, so it needs
/// no dynamic code, and it can report a bad value with its source.
/// </summary>
internal sealed class SettingsBinder(IConfigurationRoot configuration)
    : IConfigureOptions<RunnerSettings>, IValidateOptions<RunnerSettings>
{
    public void Configure(RunnerSettings options)
    {
        foreach (Setting setting in Setting.All)
        {
            if (Find(setting) is not var (text, provider))
                continue;
            SettingOrigin origin = Origin(provider, setting);
            (options.Origins[setting], options.Texts[setting]) = (origin, text);
            if (!setting.TryApply(options, text))
                options.Problems.Add(setting.Complaint(origin.Name, text));
        }
        foreach (IConfigurationProvider provider in configuration.Providers)
            AddUnknownKeys(provider, options.Problems);
    }

    public ValidateOptionsResult Validate(string? name, RunnerSettings options) =>
        options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);

    // The last source that contains the key takes precedence as a whole: lists of two sources are not combined. The file of a repeated
    // run contains all its settings, so sources below it are ignored, except for the number of threads, which does not change the result.
    private (string Text, IConfigurationProvider Provider)? Find(Setting setting)
    {
        foreach (IConfigurationProvider provider in configuration.Providers.Reverse())
        {
            if (Text(provider, setting) is { } text)
                return (text, provider);
            if (IsRun(provider) && setting != Setting.Threads && !RunSettings.All.Contains(setting))
                return null;
        }
        return null;
    }

    // An empty environment variable counts as not set, unless the empty text is a value of the setting.
    private static string? Text(IConfigurationProvider provider, Setting setting)
    {
        if (provider.TryGet(setting.Path, out string? text) && text is not null)
            return text.Length > 0 || setting.AcceptsEmpty || provider is not EnvironmentVariablesConfigurationProvider ? text : null;
        List<string> items = [];
        while (provider.TryGet($"{setting.Path}:{items.Count}", out string? item)) // "Hidden": [256, 128]
            items.Add(item ?? "");
        return items.Count == 0 ? null : setting.IsList ? NameList.Join(items) : string.Join(',', items);
    }

    // The settings file of the program is optional. The settings file of a run is required.
    private static bool IsRun(IConfigurationProvider provider) => provider is JsonConfigurationProvider { Source.Optional: false };

    private static void AddUnknownKeys(IConfigurationProvider provider, List<string> problems)
    {
        IEnumerable<string> known = Setting.All.Select(s => s.Key);
        foreach (string key in provider.GetChildKeys([], RunnerSettings.Section).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (known.Contains(key, StringComparer.OrdinalIgnoreCase))
                continue;
            string hint = Similar.Hint(key, known);
            problems.Add($"There is no setting {Printable.Quoted(key)} ({Place(provider)}){(hint.Length == 0 ? "." : hint)}");
        }
    }

    private static SettingOrigin Origin(IConfigurationProvider provider, Setting setting) => provider switch
    {
        EnvironmentVariablesConfigurationProvider => new SettingOrigin($"The environment variable NATIVEMLP__{setting.Key}", IsTyped: false),
        JsonConfigurationProvider => new SettingOrigin($"{setting.Key} in {Place(provider)}", IsTyped: false),
        _ => new SettingOrigin(setting.Option, IsTyped: true),
    };

    private static string Place(IConfigurationProvider provider) => provider switch
    {
        EnvironmentVariablesConfigurationProvider => "an environment variable",
        JsonConfigurationProvider json => json.Source.FileProvider?.GetFileInfo(json.Source.Path ?? "").PhysicalPath is { } path ? Printable.Path(path) : "the settings file",
        _ => "the command line",
    };
}
