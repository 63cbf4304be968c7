// SPDX-License-Identifier: MIT
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Documents;

/// <summary>The tutorial of fifteen minutes: its programs, compiled as they stand there and run one after the other in one folder.</summary>
[Collection(nameof(Alone))]
public sealed class TutorialTests
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Threading; global using System.Threading.Tasks;
        """;

    [Fact]
    public void Programs_OfTheTutorial_RunAsTheyStand()
    {
        string[] programs = Blocks(File.ReadAllText(Repository.PathOf("docs", "tutorial.md")));
        Assert.Equal(4, programs.Length);
        using var folder = new TemporaryFolder();
        File.Copy(Repository.PathOf("managed", "NativeMlp.Templates", "content", "nativemlp", "plants.csv"), folder.File("plants.csv"));
        string output = Run(folder, [.. programs.Select(Compile)]);

        Assert.Contains("height_cm: Number\n", output, StringComparison.Ordinal);
        Assert.Contains("gigantea, 1 value missing\n", output, StringComparison.Ordinal);
        Assert.Matches(@"epoch 10: loss 0\.\d+, ", output);
        Assert.Matches(@"point 2 belongs to moon 1 with the probability 0\.9\d\d", output);
        Assert.Matches(@"the most probable species has the probability 0\.\d\d", output);
    }

    private static string[] Blocks(string page) => [.. page.Split("```csharp\n").Skip(1).Select(block => block.Split("```")[0])];

    private static Assembly Compile(string program, int number)
    {
        CSharpParseOptions options = new(LanguageVersion.Latest);
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create($"tutorial-{number}", [CSharpSyntaxTree.ParseText(ImplicitUsings, options), CSharpSyntaxTree.ParseText(program, options)],
            references, new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream assembly = new();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return Assembly.Load(assembly.ToArray());
    }

    private static string Run(TemporaryFolder folder, Assembly[] programs)
    {
        TextWriter console = Console.Out;
        using StringWriter output = new() { NewLine = "\n" };
        Environment.CurrentDirectory = folder.Path;
        Console.SetOut(output);
        try
        {
            foreach (Assembly program in programs)
                program.EntryPoint!.Invoke(null, program.EntryPoint.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = AppContext.BaseDirectory;
        }

        return output.ToString();
    }
}
