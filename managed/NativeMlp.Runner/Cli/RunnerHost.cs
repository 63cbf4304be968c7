// SPDX-License-Identifier: MIT
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Cli;

/// <summary>Builds the host for one job, runs it, and returns the exit code of the job.</summary>
internal static class RunnerHost
{
    public static async Task<int> RunAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TJob>(
        IReadOnlyDictionary<string, string?> commandLine, OutputMode mode)
        where TJob : class, IJob
    {
        try
        {
            HostApplicationBuilder builder = CreateBuilder(commandLine);
            builder.Services.AddSingleton(mode);
            builder.Services.AddSingleton<IJob, TJob>();
            using IHost host = builder.Build();
            JobOutcome outcome = host.Services.GetRequiredService<JobOutcome>();
            await host.RunAsync();
            return outcome.ExitCode;
        }
        catch (Exception exception) // how the host itself reports a failure depends on its version
        {
            return Failure.Report(exception);
        }
    }

    private static HostApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> commandLine)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ApplicationName = "nativemlp",
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddFile(builder.Configuration, Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        builder.Configuration.AddEnvironmentVariables();
        if (RunConfig.Find(setting => commandLine.GetValueOrDefault(setting.Path) ?? builder.Configuration[setting.Path]) is { } run)
            AddFile(builder.Configuration, run, optional: false);
        builder.Configuration.AddInMemoryCollection(commandLine);
        AddLogging(builder);
        AddServices(builder.Services);
        return builder;
    }

    private static void AddFile(ConfigurationManager configuration, string path, bool optional)
    {
        try
        {
            configuration.AddJsonFile(Path.GetFullPath(path), optional, reloadOnChange: false);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new RunnerException(ExitCodes.Usage, $"The settings file {Printable.Path(path)} cannot be read: {Reason(e)}", e);
        }
    }

    private static string Reason(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is JsonException json)
                return $"line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1} is not valid JSON.";
        }
        return Failure.Reason(exception.GetBaseException());
    }

    private static void AddLogging(HostApplicationBuilder builder)
    {
        IConfigurationSection logging = builder.Configuration.GetSection("Logging");
        CheckLevels(logging);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddConfiguration(logging);
        builder.Logging.AddProvider(new ErrorLoggerProvider());
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // would repeat our message with a stack trace
        builder.Logging.AddFilter("Microsoft.Hosting", LogLevel.None);
    }

    private static void CheckLevels(IConfigurationSection section)
    {
        foreach (IConfigurationSection part in section.GetChildren())
        {
            CheckLevels(part);
            if (section.Key.Equals("LogLevel", StringComparison.OrdinalIgnoreCase) && part.Value is { Length: > 0 } text && !Enum.TryParse<LogLevel>(text, ignoreCase: true, out _))
            {
                string[] levels = Enum.GetNames<LogLevel>();
                string hint = Similar.Hint(text, levels);
                throw RunnerException.Usage($"The log level {part.Path} is {Printable.Quoted(text)}, but it must be one of {string.Join(", ", levels)}{(hint.Length == 0 ? "." : hint)}");
            }
        }
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(s => (IConfigurationRoot)s.GetRequiredService<IConfiguration>());
        services.AddSingleton<SettingsBinder>();
        services.AddSingleton<IConfigureOptions<RunnerSettings>>(s => s.GetRequiredService<SettingsBinder>());
        services.AddSingleton<IValidateOptions<RunnerSettings>>(s => s.GetRequiredService<SettingsBinder>());
        services.AddOptions<RunnerSettings>().ValidateOnStart();
        services.AddSingleton<JobOutcome>();
        services.AddSingleton<StopRequest>();
        services.AddSingleton<IHostLifetime, SignalLifetime>();
        services.AddHostedService<JobService>();
        // Saving must not be interrupted. A second signal ends the process at once.
        services.Configure<HostOptions>(o => o.ShutdownTimeout = Timeout.InfiniteTimeSpan);
    }
}
