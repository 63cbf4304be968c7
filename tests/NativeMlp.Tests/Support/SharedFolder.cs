// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>
/// Reference values and data sets that lie beside a developer's checkout, in a folder named
/// "shared", or where NATIVEMLP_SHARED says. A user's clone has none: the tests skip, and say so.
/// </summary>
internal static class SharedFolder
{
    private static readonly string? Root = Find();

    /// <summary>The path of a file or folder in it; skips the test where there is none.</summary>
    public static string PathOf(params string[] parts)
    {
        Assert.SkipWhen(Root is null, "the folder 'shared' with reference data is not there");
        string path = Path.Combine([Root!, .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"'{Path.Combine(parts)}' is not in the folder 'shared'");
        return path;
    }

    /// <summary>The same where a theory lists its cases: null where there is none.</summary>
    public static string? TryPathOf(params string[] parts)
    {
        string? path = Root is null ? null : Path.Combine([Root, .. parts]);
        return Path.Exists(path) ? path : null;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("NATIVEMLP_SHARED") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : null;
        }

        string? beside = Repository.Root is null ? null : Path.Combine(Path.GetDirectoryName(Repository.Root) ?? Repository.Root, "shared");
        return Directory.Exists(beside) ? beside : null;
    }
}
