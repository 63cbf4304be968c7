// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NativeMlp.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds models to a program's services.</summary>
public static class NativeMlpServiceCollectionExtensions
{
    /// <summary>Adds a model as a <see cref="ServedModel"/> whose key is its name.</summary>
    /// <example><code>
    /// builder.Services.AddNativeMlp("fraud", options => options.Path = "fraud.safetensors");
    /// app.MapPost("/fraud", ([FromKeyedServices("fraud")] ServedModel model) => …);
    /// </code></example>
    /// <remarks>A host checks the options and loads the model when it starts: a wrong path ends the program there and not in the first
    /// request. Without a host this happens when the model is asked for.</remarks>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the model.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IServiceCollection AddNativeMlp(this IServiceCollection services, string name, Action<NativeMlpOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Add(services, name).Configure(configure);
        return services;
    }

    /// <summary>Adds a model whose options come from a section of the configuration.</summary>
    /// <example><code>
    /// builder.Services.AddNativeMlp("fraud", builder.Configuration.GetSection("Models:Fraud"));
    /// </code></example>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the model.</param>
    /// <param name="configuration">The section with the values of <see cref="NativeMlpOptions"/>.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <inheritdoc cref="AddNativeMlp(IServiceCollection, string, Action{NativeMlpOptions})" path="/remarks"/>
    public static IServiceCollection AddNativeMlp(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Add(services, name).Bind(configuration);
        return services;
    }

    private static OptionsBuilder<NativeMlpOptions> Add(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NativeMlpOptions>, NativeMlpOptionsValidator>());
        services.TryAddKeyedSingleton(name, (provider, _) => new ServedModel(name,
            provider.GetRequiredService<IOptionsMonitor<NativeMlpOptions>>().Get(name),
            provider.GetService<ILogger<ServedModel>>() ?? NullLogger<ServedModel>.Instance));
        services.AddSingleton<IHostedService>(provider => new ModelStartup(provider, name));
        return services.AddOptions<NativeMlpOptions>(name).ValidateOnStart();
    }
}
