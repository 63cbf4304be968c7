// SPDX-License-Identifier: MIT
using NativeMlp.Runner;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>The files that the program writes beside its models are written like the models.</summary>
public sealed class OutputFolderTests
{
    [Fact]
    public void Write_OverAFile_KeepsItsPermissionsAndRemovesLeftovers()
    {
        using var folder = new TemporaryFolder();
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string picture = folder.Write("picture.png", [1]), leftover = folder.Write(".nativemlp-0123456789abcdef.tmp", [1]);
        File.SetLastWriteTimeUtc(leftover, DateTime.UtcNow.AddHours(-2));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(picture, mode);
        Assert.Equal(picture, OutputFolder.Write(folder.Path, "picture.png", [2, 3]));
        Assert.Equal([2, 3], File.ReadAllBytes(picture));
        Assert.Equal([picture], Directory.EnumerateFileSystemEntries(folder.Path));
        if (!OperatingSystem.IsWindows()) Assert.Equal(mode, File.GetUnixFileMode(picture));
    }

    [Fact]
    public void Write_WhereALinkIs_ReplacesTheLinkAndSparesItsTarget()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        using var folder = new TemporaryFolder();
        string victim = folder.Write("victim", [1, 2, 3]);
        File.CreateSymbolicLink(folder.File("picture.png"), victim);
        OutputFolder.Write(folder.Path, "picture.png", [4]);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(victim));
        Assert.Null(new FileInfo(folder.File("picture.png")).LinkTarget);
    }

    [Fact]
    public void Make_OfAFolder_LeavesItEmpty()
    {
        using var folder = new TemporaryFolder();
        OutputFolder.Make(folder.File("out/pictures"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("out/pictures")));
    }

    [Fact]
    public void Make_WhereAFileIs_IsAFaultOfTheCommandLine()
    {
        using var folder = new TemporaryFolder();
        var e = Assert.Throws<RunnerException>(() => OutputFolder.Make(folder.Write("out", [1])));
        Assert.Equal(ExitCodes.Usage, e.ExitCode);
        Assert.Contains("--out", e.Message, StringComparison.Ordinal);
    }
}
