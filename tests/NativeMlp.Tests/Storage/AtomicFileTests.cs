// SPDX-License-Identifier: MIT
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Storage;

/// <summary>Files are replaced as a whole, and writing one touches no other.</summary>
public sealed class AtomicFileTests
{
    private static readonly DateTime LongAgo = DateTime.UtcNow.AddHours(-2);

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    public void Save_OverAFile_KeepsItsPermissions(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions");
        using var folder = new TemporaryFolder();
        string model = folder.Write("model", [1]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(model, mode);
        Save(model);
        Assert.Equal(mode, Mode(model));
        Checkpoint.Load(model).Dispose();
    }

    [Fact]
    public void Save_OfANewFile_HasThePermissionsOfNewFiles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions");
        using var folder = new TemporaryFolder();
        Save(folder.File("model"));
        Assert.Equal(Mode(folder.Write("other", [])), Mode(folder.File("model")));
    }

    [Fact]
    public void Save_WhereALinkIs_ReplacesTheLinkAndSparesItsTarget()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        using var folder = new TemporaryFolder();
        string precious = folder.Write("precious", [1, 2, 3]);
        File.CreateSymbolicLink(folder.File("model"), precious);
        Save(folder.File("model"));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(precious));
        Assert.Null(new FileInfo(folder.File("model")).LinkTarget);
        Checkpoint.Load(folder.File("model")).Dispose();
    }

    [Fact]
    public void Save_AfterWritersWereKilled_RemovesWhatTheyLeft()
    {
        using var folder = new TemporaryFolder();
        string left = folder.Write(".nativemlp-0123456789abcdef.tmp", [1]), foreign = folder.Write("other.tmp", [1]);
        string busy = folder.File(".nativemlp-fedcba9876543210.tmp");
        using FileStream writer = new(busy, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        foreach (string path in new[] { left, foreign }) File.SetLastWriteTimeUtc(path, LongAgo);
        File.SetLastWriteTimeUtc(writer.SafeFileHandle, LongAgo);
        Save(folder.File("model"));
        Assert.Equal(new[] { busy, folder.File("model"), foreign }.Order(), Directory.EnumerateFiles(folder.Path).Order());
    }

    [Fact]
    public void Save_WhereALinkHasTheNameOfALeftover_TouchesNeitherLinkNorTarget()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        using var folder = new TemporaryFolder();
        string precious = folder.Write("precious", [1, 2, 3]), link = folder.File(".nativemlp-0123456789abcdef.tmp");
        File.SetLastWriteTimeUtc(precious, LongAgo);
        File.CreateSymbolicLink(link, precious);
        File.SetLastWriteTimeUtc(link, LongAgo); // of the link itself
        Save(folder.File("model"));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(precious));
        Assert.Equal(precious, new FileInfo(link).LinkTarget);
    }

    /// <summary>Nobody can prepare a link for the temporary file: its name is random, and what exists is not opened.</summary>
    [Fact]
    public void Write_Twice_TakesTemporaryNamesThatNobodyCanGuess()
    {
        using var folder = new TemporaryFolder();
        string[] names = [.. Enumerable.Range(0, 2).Select(_ => TemporaryName(folder))];
        Assert.All(names, name => Assert.Matches(@"^\.nativemlp-[0-9a-f]{32}\.tmp$", name));
        Assert.NotEqual(names[0], names[1]);
    }

    [Fact]
    public void Create_WhereALinkIs_RefusesIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        using var folder = new TemporaryFolder();
        string precious = folder.Write("precious", [1, 2, 3]);
        File.CreateSymbolicLink(folder.File("link"), precious);
        Assert.Throws<IOException>(() => SystemFiles.Instance.Create(folder.File("link"), permissions: null).Dispose());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(precious));
    }

    [Fact]
    public void Write_ThatFails_LeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("file", [1]);
        Assert.Throws<IOException>(() => AtomicFile.Write(path, file =>
        {
            file.WriteByte(2);
            throw new IOException("no space");
        }));
        Assert.Equal([1], File.ReadAllBytes(path));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Write_WhereAFolderIs_FailsAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("model"));
        Assert.ThrowsAny<SystemException>(() => AtomicFile.WriteAllBytes(folder.File("model"), [1]));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Write_WhileOthersWriteAndRead_GivesWholeFiles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File.ReadAllBytes does not let a file be replaced there");
        using var folder = new TemporaryFolder();
        byte[] content = new byte[100_000];
        AtomicFile.WriteAllBytes(folder.File("file"), content);
        Parallel.For(0, 200, i =>
        {
            if (i % 2 == 0) AtomicFile.WriteAllBytes(folder.File("file"), content);
            else Assert.Equal(content.Length, File.ReadAllBytes(folder.File("file")).Length);
        });
        Assert.Single(Directory.EnumerateFiles(folder.Path));
    }

    private static string TemporaryName(TemporaryFolder folder)
    {
        string name = "";
        AtomicFile.Write(folder.File("file"), _ => name = Path.GetFileName(Directory.EnumerateFiles(folder.Path, AtomicFile.Prefix + "*").Single()));
        return name;
    }

    private static void Save(string path)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        Checkpoint.Save(mlp, path);
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
}
