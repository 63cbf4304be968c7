// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>The source tree that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>Its top folder; null where the tests run outside of one.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The path of a file or folder in it; skips the test where there is none.</summary>
    public static string PathOf(params string[] parts)
    {
        Assert.SkipWhen(Root is null, "the tests do not lie in a source tree");
        return Path.Combine([Root!, .. parts]);
    }

    private static string? Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NativeMlp.sln")))
            folder = folder.Parent;

        return folder?.FullName;
    }
}
