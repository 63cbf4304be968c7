// SPDX-License-Identifier: MIT
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

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

    /// <summary>A plugin that trains, in a context that is unloaded afterwards, again and again: nothing of it stays behind.</summary>
    [Fact]
    public void Plugin_InACollectibleContext_IsUnloaded()
    {
        using var folder = new TemporaryFolder();
        string native = folder.File(Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native"));
        Directory.CreateDirectory(native);
        File.Copy(typeof(Mlp).Assembly.Location, folder.File("NativeMlp.dll"));
        File.Copy(NativeLibraryInfo.Path!, Path.Combine(native, Path.GetFileName(NativeLibraryInfo.Path!)));
        byte[] plugin = CompilePlugin(folder.File("NativeMlp.dll"));
        string here = TrainHere();
        for (int round = 0; round < 3; round++)
        {
            (WeakReference context, string weights) = RunPlugin(folder, plugin);
            Assert.Equal(here, weights);
            for (int i = 0; context.IsAlive && i < 20; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.False(context.IsAlive, "the context of the plugin is still referred to");
        }
    }

    private static string TrainHere()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [16], Outputs = 2, MaxBatch = 50 });
        Trainer.Train(mlp, Synthetic.Xor(200, seed: 1), new TrainingOptions { Epochs = 2, BatchSize = 50 }, cancellationToken: TestContext.Current.CancellationToken);
        return Checkpoint.WeightsSha256(mlp);
    }

    private static byte[] CompilePlugin(string library)
    {
        const string Source = """
            using NativeMlp; using NativeMlp.Data; using NativeMlp.Storage; using NativeMlp.Training;
            public static class Plugin
            {
                public static string Run()
                {
                    using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [16], Outputs = 2, MaxBatch = 50 });
                    Trainer.Train(mlp, Synthetic.Xor(200, seed: 1), new TrainingOptions { Epochs = 2, BatchSize = 50 });
                    mlp.Predict([0.5f, 0.5f]);
                    return Checkpoint.WeightsSha256(mlp);
                }
            }
            """;
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file) != "NativeMlp.dll").Append(library).Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create("Plugin", [CSharpSyntaxTree.ParseText(Source)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using MemoryStream assembly = new();
        Assert.True(compilation.Emit(assembly).Success);
        return assembly.ToArray();
    }

    // In a method of its own: its locals must be gone when the context is looked for.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Context, string Weights) RunPlugin(TemporaryFolder folder, byte[] plugin)
    {
        AssemblyLoadContext context = new("plugin", isCollectible: true);
        context.Resolving += (from, name) => name.Name == "NativeMlp" ? from.LoadFromAssemblyPath(folder.File("NativeMlp.dll")) : null;
        context.LoadFromAssemblyPath(folder.File("NativeMlp.dll")); // before the default context offers its own
        using MemoryStream stream = new(plugin);
        Assembly assembly = context.LoadFromStream(stream);
        string weights = (string)assembly.GetType("Plugin")!.GetMethod("Run")!.Invoke(null, null)!;
        context.Unload();
        return (new WeakReference(context), weights);
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
