// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Runtime.InteropServices;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;
using NativeMlp.Tests.Tables;

namespace NativeMlp.Tests.Packages;

/// <summary>A host that serves a model, published from the packages in each way that .NET knows. The analysers', the trimmer's and the
/// compiler's warnings are errors. It takes minutes: NMLP_TEST_HEAVY=1 runs it.</summary>
[Collection(nameof(Packing))]
[Trait("Starts", "Processes")]
public sealed class DeploymentTests(PackedFeed feed)
{
    [Theory]
    [InlineData("PublishSingleFile=true")]
    [InlineData("PublishTrimmed=true")]
    [InlineData("PublishAot=true")]
    public void Host_Published_ServesAndReplacesItsModel(string how)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("NMLP_TEST_HEAVY") == "1", "NMLP_TEST_HEAVY=1 runs it");
        using TemporaryFolder folder = new();
        feed.Configure(folder.Path);
        File.WriteAllText(folder.File("service.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <EnableConfigurationBindingGenerator>true</EnableConfigurationBindingGenerator>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="NativeMlp.Hosting" Version="{PackedFeed.Version}" />
                <PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.0" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(folder.File("Program.cs"), """
            using System.Globalization;
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;
            using NativeMlp.Hosting;

            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration.AddInMemoryCollection([new("Model:Path", args[0]), new("Model:PollInterval", "00:00:00.010")]);
            builder.Services.AddNativeMlp("people", builder.Configuration.GetSection("Model"));
            using IHost host = builder.Build();
            await host.StartAsync();
            ServedModel model = host.Services.GetRequiredKeyedService<ServedModel>("people");
            Print(model);
            File.Move(args[1], args[0], overwrite: true);
            while (model.VersionNumber < 2) await Task.Delay(10);
            Print(model);
            await host.StopAsync();

            static void Print(ServedModel model)
            {
                Span<double> values = stackalloc double[2];
                model.Predict(["31.5", "cook", "yes", "2020-03-01"], values);
                Console.WriteLine(values[1].ToString("R", CultureInfo.InvariantCulture));
            }
            """);
        string[] expected = [Save(folder.File("first"), 1), Save(folder.File("second"), 2)];
        feed.Sdk(folder, "publish", folder.Path, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-p:" + how, "-o", folder.File("out")).RunSdk();
        CommandResult result = new Command(folder.File(OperatingSystem.IsWindows() ? "out/service.exe" : "out/service"), folder.File("first"), folder.File("second")).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(expected, result.Lines);
    }

    // A model, and what it answers.
    private static string Save(string file, ulong seed)
    {
        Person[] people = Person.Some(200);
        Table table = Person.Mapping.ToTable(people);
        TableSchema schema = Person.Mapping.ToSchema(TableTask.Binary, "answer");
        int[] rows = [.. Enumerable.Range(0, people.Length)];
        TableEncoding encoding = TableEncoding.Fit(table, schema, rows);
        using TableModel model = new(encoding, TableLabels.Fit(table, schema, rows),
            [new Mlp(new MlpOptions { Inputs = encoding.Inputs, Hidden = [16], Outputs = 2, Seed = seed })]);
        model.Save(file);
        double[] values = new double[2];
        model.Predict(["31.5", "cook", "yes", "2020-03-01"], values);
        return values[1].ToString("R", CultureInfo.InvariantCulture);
    }
}
