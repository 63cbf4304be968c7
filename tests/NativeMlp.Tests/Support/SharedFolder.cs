// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>
/// The large image sets (MNIST, Fashion-MNIST, CIFAR-10). They are not in the repository but in a folder named
/// "shared" beside it, or where NATIVEMLP_SHARED says. Tests that need them are skipped where they are absent.
/// Everything else is in <see cref="TestFiles"/>, or comes through <see cref="SharedTables"/>.
/// </summary>
internal static class SharedFolder
{
    private static readonly string? Root = FindRoot();

    /// <summary>The path of a file or folder in it; skips the test where there is none.</summary>
    public static string PathOf(params string[] parts)
    {
        Assert.SkipWhen(Root is null, "the folder 'shared' with the image sets is not there");
        string path = Path.Combine([Root!, .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"'{Path.Combine(parts)}' is not in the folder 'shared'");
        return path;
    }

    /// <summary>The path of a file in it, by its name with slashes; null where there is none.</summary>
    public static string? Find(string name) => Root is not null && Path.Combine([Root, .. name.Split('/')]) is var path && File.Exists(path) ? path : null;

    private static string? FindRoot()
    {
        if (Environment.GetEnvironmentVariable("NATIVEMLP_SHARED") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;

        string? beside = Repository.Root is null ? null : Path.Combine(Path.GetDirectoryName(Repository.Root) ?? Repository.Root, "shared");
        return Directory.Exists(beside) ? beside : null;
    }
}
