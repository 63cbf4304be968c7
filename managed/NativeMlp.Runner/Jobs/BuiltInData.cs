// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs;

/// <summary>Finds the built-in data set that the settings name.</summary>
internal static class BuiltInData
{
    /// <exception cref="RunnerException">None was named.</exception>
    public static string NameIn(RunnerSettings chosen)
    {
        if (chosen.Data is not { } data)
            throw RunnerException.Usage($"{Setting.Data.Option} is missing; it must be {Setting.Data.Accepts}.");
        return BuiltInDataSets.Names.Contains(data) ? data
            : throw RunnerException.Usage(Setting.Data.Complaint(chosen.Origins.GetValueOrDefault(Setting.Data)?.Name ?? Setting.Data.Option, data));
    }
}
