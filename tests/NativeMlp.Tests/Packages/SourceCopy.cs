// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Packages;

/// <summary>A copy of the sources without anything that was built: what the SDK does in it disturbs no one.</summary>
internal static class SourceCopy
{
    private static readonly string[] Built = ["bin", "obj", "build", "results", ".git", ".vs", "TestResults"];

    /// <summary>Compiles the native library in the tree of the tests, where it is up to date already.</summary>
    public static string SharedNative => "-p:NativeRoot=" + Repository.PathOf("") + Path.DirectorySeparatorChar;

    public static void To(string folder) => Copy(new DirectoryInfo(Repository.PathOf("")), folder);

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileInfo file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to, file.Name));

        foreach (DirectoryInfo folder in from.EnumerateDirectories().Where(folder => !Built.Contains(folder.Name)))
            Copy(folder, Path.Combine(to, folder.Name));
    }
}
