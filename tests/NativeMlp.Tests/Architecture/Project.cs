// SPDX-License-Identifier: MIT
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Architecture;

/// <summary>A use of a type of one folder in a source file of another folder of the same project.</summary>
/// <param name="From">The folder of the file; empty for the project's own.</param>
/// <param name="To">The folder that declares the type.</param>
/// <param name="Where">The file and the type, for a message.</param>
internal sealed record Arrow(string From, string To, string Where);

/// <summary>The sources of a project as the compiler understands them: most types of the library share one namespace, so that its
/// <c>using</c> lines do not say which folders a file depends on. Documentation comments may mention any type.</summary>
internal sealed class Project
{
    private const string GlobalUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Threading; global using System.Threading.Tasks;
        """;

    private readonly string _root;
    private readonly CSharpCompilation _compilation;

    public Project(string name)
    {
        _root = Repository.PathOf("managed", name);
        CSharpParseOptions options = new(LanguageVersion.Latest);
        IEnumerable<SyntaxTree> trees = Sources().Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file));
        _compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(GlobalUsings, options), .. trees], References(name),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    /// <summary>The folders that have source files; the empty name is the project's own.</summary>
    public IReadOnlyList<string> Folders => [.. Sources().Select(FolderOf).Distinct()];

    /// <summary>Every use of a type in a folder that does not declare it.</summary>
    public IReadOnlyList<Arrow> Arrows() =>
        [.. _compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0).SelectMany(ArrowsFrom).Distinct()];

    private IEnumerable<Arrow> ArrowsFrom(SyntaxTree tree)
    {
        SemanticModel model = _compilation.GetSemanticModel(tree);
        string source = FolderOf(tree.FilePath);
        return
            from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            let symbol = model.GetSymbolInfo(name).Symbol
            let type = symbol as INamedTypeSymbol ?? symbol?.ContainingType
            where type is not null
            from declaration in type.OriginalDefinition.DeclaringSyntaxReferences
            let target = FolderOf(declaration.SyntaxTree.FilePath)
            where target != source
            select new Arrow(source, target, $"{Path.GetRelativePath(_root, tree.FilePath)} uses {type.Name} of {target}");
    }

    private IEnumerable<string> Sources() => Directory.EnumerateFiles(_root, "*.cs", SearchOption.AllDirectories)
        .Where(file => FolderOf(file) is not ("bin" or "obj")).Order(StringComparer.Ordinal);

    private string FolderOf(string file) => Path.GetRelativePath(_root, file).Split(Path.DirectorySeparatorChar) is [string folder, _, ..] ? folder : "";

    // What the tests themselves run with, which is what the project needs and more.
    private static IEnumerable<MetadataReference> References(string name) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileNameWithoutExtension(file) != name).Select(file => MetadataReference.CreateFromFile(file));
}
