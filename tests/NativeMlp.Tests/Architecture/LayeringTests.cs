// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Architecture;

/// <summary>The folders of a project depend on one another in one direction only.</summary>
public sealed class LayeringTests
{
    /// <summary>The folders of each project from the bottom up: the types of a folder may use those of the folders before it.</summary>
    private static readonly Dictionary<string, string[]> Order = new()
    {
        ["NativeMlp"] = ["Common", "Interop", "Model", "Kernels", "Data", "Metrics", "Training", "Storage", "Reference", "Tables"],
        ["NativeMlp.Onnx"] = ["Files", "Graphs", "Export", "Import", "Weights", "Sources"],
        ["NativeMlp.Tabular"] = ["Reading", "Inference", "Training"],
        ["NativeMlp.Hosting"] = [""],
        ["NativeMlp.Runner"] = ["Output", "Settings", "Runs", "Reports", "Jobs", "Demos", "Cli", ""],
    };

    public static TheoryData<string> Projects() => [.. Order.Keys];

    [Fact]
    public void Projects_OfTheLibrary_HaveAnOrder() =>
        Assert.Empty(Directory.GetDirectories(Repository.PathOf("managed")).Select(path => Path.GetFileName(path)!)
            .Where(name => Directory.EnumerateFiles(Path.Combine(Repository.PathOf("managed"), name), "*.csproj").Any())
            .Except(["NativeMlp.Templates", .. Order.Keys]));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_HaveAPlaceInTheOrder(string project) =>
        Assert.Empty(new Project(project).Folders.Except(Order[project]));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Types_OfAFolder_UseOnlyThoseBelow(string project)
    {
        string[] order = Order[project];
        Project sources = new(project);
        IReadOnlyList<Arrow> arrows = sources.Arrows();
        Assert.True(sources.Folders.Count < 2 || arrows.Count > 0, "the sources were not understood");
        Assert.Empty(arrows.Where(arrow => Array.IndexOf(order, arrow.To) > Array.IndexOf(order, arrow.From)).Select(arrow => arrow.Where));
    }
}
