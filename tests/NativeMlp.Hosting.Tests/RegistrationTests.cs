// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NativeMlp.Tests.Support;

namespace NativeMlp.Hosting.Tests;

/// <summary>Models among a program's services.</summary>
public sealed class RegistrationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddNativeMlp_TwoNames_AreTwoModels()
    {
        using TemporaryFolder folder = new();
        ModelSamples.SaveTable(folder.File("a.safetensors"), seed: 1);
        ModelSamples.SaveNetwork(folder.File("b.safetensors"), seed: 2);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Models:B:Path", folder.File("b.safetensors")), new("Models:B:Watch", "false"), new("Models:B:PollInterval", "00:00:07")]);
        builder.Services.AddNativeMlp("a", options => options.Path = folder.File("a.safetensors"));
        builder.Services.AddNativeMlp("b", builder.Configuration.GetSection("Models:B"));
        using IHost host = builder.Build();
        await host.StartAsync(Stop);

        ServedModel a = host.Services.GetRequiredKeyedService<ServedModel>("a"), b = host.Services.GetRequiredKeyedService<ServedModel>("b");
        NativeMlpOptions options = host.Services.GetRequiredService<IOptionsMonitor<NativeMlpOptions>>().Get("b");

        Assert.Same(a, host.Services.GetRequiredKeyedService<ServedModel>("a"));
        Assert.Equal(("a", "b"), (a.Name, b.Name));
        a.Predict(new double[4], new double[2]);
        b.Predict(new float[3], new float[2]);
        Assert.Equal((false, TimeSpan.FromSeconds(7)), (options.Watch, options.PollInterval));
        await host.StopAsync(Stop);
    }

    [Fact]
    public void AddNativeMlp_FolderOfARun_IsItsBestModel()
    {
        using TemporaryFolder folder = new();
        ModelSamples.SaveTable(folder.File("best.safetensors"), seed: 1);
        using Serving serving = new(folder.Path);
        using ModelLease lease = serving.Model.Acquire();
        Assert.Equal(folder.File("best.safetensors"), lease.Version.Path);
    }

    [Theory]
    [InlineData("", "00:00:01", "The model 'fraud' has no Path; set it to a model file or to the folder of a run.")]
    [InlineData("model", "00:00:00", "The model 'fraud' has the PollInterval 00:00:00; it must be from 1 ms to ")]
    public async Task Start_WithOptionsThatAreNotAllowed_SaysWhich(string path, string interval, string sentence)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Path", path), new("PollInterval", interval)]);
        builder.Services.AddNativeMlp("fraud", builder.Configuration);
        using IHost host = builder.Build();
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Stop));
        Assert.StartsWith(sentence, Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutTheFile_FailsThere()
    {
        using TemporaryFolder folder = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddNativeMlp("fraud", options => options.Path = folder.File("none.safetensors"));
        using IHost host = builder.Build();
        await Assert.ThrowsAsync<FileNotFoundException>(() => host.StartAsync(Stop));
    }

    [Fact]
    public void AddNativeMlp_WithoutAName_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddNativeMlp(" ", _ => { }));
}
