// SPDX-License-Identifier: MIT
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Interop;

/// <summary>The library beside a plugin, which has a load context and a folder of its own.</summary>
[Trait("Starts", "Processes")]
public sealed class PluginTests
{
    private const string Variable = "NMLP_TEST_PLUGIN";

    /// <summary>In a program that has no native library itself: this one, copied without it.</summary>
    [Fact]
    public void Library_InRuntimesBesideAPlugin_IsFound()
    {
        using var program = new TemporaryFolder();
        string library = Path.GetFileName(NativeLibraryInfo.Path!);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(file => Path.GetFileName(file) != library))
            File.Copy(file, program.File(Path.GetFileName(file)));
        string plugin = program.File("plugin"), native = Path.Combine(plugin, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        Directory.CreateDirectory(native);
        File.Copy(typeof(Mlp).Assembly.Location, Path.Combine(plugin, "NativeMlp.dll"));
        File.Copy(NativeLibraryInfo.Path!, Path.Combine(native, library));
        CommandResult result = new Command("dotnet", program.File("NativeMlp.Tests.dll"), "-explicit", "only", "-method", $"*{nameof(Plugin_InItsOwnContext_LoadsItsLibrary)}")
            .With(Variable, plugin).Run();
        Assert.True(result.ExitCode == 0 && result.Output.Contains("Total: 1,", StringComparison.Ordinal), result.ToString());
    }

    [Fact(Explicit = true)]
    public void Plugin_InItsOwnContext_LoadsItsLibrary()
    {
        string folder = Environment.GetEnvironmentVariable(Variable)!;
        AssemblyLoadContext context = new("plugin");
        Assembly plugin = context.LoadFromAssemblyPath(Path.Combine(folder, "NativeMlp.dll"));
        Type info = plugin.GetType(typeof(NativeLibraryInfo).FullName!)!;
        string path = (string)info.GetProperty(nameof(NativeLibraryInfo.Path))!.GetValue(null)!;
        Assert.StartsWith(folder, path, StringComparison.Ordinal);
    }
}
