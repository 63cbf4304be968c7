// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Architecture;

/// <summary>The folders of a project depend on one another in one direction only.</summary>
public sealed class LayeringTests
{
    /// <summary>The folders of each project from the bottom up: the types of a folder may use those of the folders before it.</summary>
    private static readonly Dictionary<string, string[]> Order = new()
    {
        ["NativeMlp"] = ["Common", "Interop", "Model", "Kernels", "Data", "Metrics", "Training", "Storage", "Reference", "Tables"],
        ["NativeMlp.Runner"] = ["Output", "Settings", "Jobs", "Demos", "Cli", ""],
    };

    public static TheoryData<string> Projects() => [.. Order.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_AreThoseOfTheOrder(string project) =>
        Assert.Equal(Order[project].Order(), new Project(project).Folders.Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void Types_OfAFolder_UseOnlyThoseBelow(string project)
    {
        string[] order = Order[project];
        IReadOnlyList<Arrow> arrows = new Project(project).Arrows();
        Assert.True(arrows.Count > order.Length, "too few arrows: the sources were not understood");
        Assert.Empty(arrows.Where(arrow => Array.IndexOf(order, arrow.To) > Array.IndexOf(order, arrow.From)).Select(arrow => arrow.Where));
    }
}
