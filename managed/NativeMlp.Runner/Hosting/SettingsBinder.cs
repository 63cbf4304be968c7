// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;

namespace NativeMlp.Runner.Hosting;

/// <summary>
/// Reads the settings from the layers of configuration. Done by hand, not by reflection: it needs
/// no dynamic code, and a bad value can be reported with the layer that it came from.
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
            if (!setting.TryApply(options, text))
                options.Problems.Add(setting.Complaint(Origin(provider, setting), text));
        }
        foreach (IConfigurationProvider provider in configuration.Providers)
            AddUnknownKeys(provider, options.Problems);
    }

    public ValidateOptionsResult Validate(string? name, RunnerSettings options) =>
        options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);

    // The last layer that has the key wins as a whole: a list in one layer is not mixed with another's.
    private (string Text, IConfigurationProvider Provider)? Find(Setting setting)
    {
        foreach (IConfigurationProvider provider in configuration.Providers.Reverse())
        {
            if (Text(provider, setting.Path) is { Length: > 0 } text)
                return (text, provider);
        }
        return null;
    }

    private static string? Text(IConfigurationProvider provider, string path)
    {
        if (provider.TryGet(path, out string? text) && !string.IsNullOrEmpty(text))
            return text;
        List<string> items = [];
        while (provider.TryGet($"{path}:{items.Count}", out string? item)) // "Hidden": [256, 128]
            items.Add(item ?? "");
        return items.Count == 0 ? null : string.Join(',', items);
    }

    private static void AddUnknownKeys(IConfigurationProvider provider, List<string> problems)
    {
        IEnumerable<string> known = Setting.All.Select(s => s.Key);
        foreach (string key in provider.GetChildKeys([], RunnerSettings.Section).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (known.Contains(key, StringComparer.OrdinalIgnoreCase))
                continue;
            string hint = Similar.Hint(key, known);
            problems.Add($"There is no setting '{key}' ({Place(provider)}){(hint.Length == 0 ? "." : hint)}");
        }
    }

    private static string Origin(IConfigurationProvider provider, Setting setting) => provider switch
    {
        EnvironmentVariablesConfigurationProvider => $"The environment variable NATIVEMLP__{setting.Key}",
        JsonConfigurationProvider => $"{setting.Key} in {Place(provider)}",
        _ => setting.Option,
    };

    private static string Place(IConfigurationProvider provider) => provider switch
    {
        EnvironmentVariablesConfigurationProvider => "an environment variable",
        JsonConfigurationProvider json => json.Source.FileProvider?.GetFileInfo(json.Source.Path ?? "").PhysicalPath ?? "the settings file",
        _ => "the command line",
    };
}
