// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>A quota that is used up before a run or in its middle. The answer of the system comes from a library that stands before
/// that of C: from the moment at which there is a file <c>exceeded</c>, nothing can be written into the folder <c>limited</c>.</summary>
[Trait("Starts", "Processes")]
public sealed class QuotaTests
{
    private const string Library = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdio.h>
        #include <string.h>
        #include <unistd.h>
        static int exceeded(int fd)
        {
            char link[64], path[4096];
            snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
            ssize_t length = readlink(link, path, sizeof path - 1);
            if (length < 0) return 0;
            path[length] = 0;
            return strstr(path, "/limited/") && access("exceeded", F_OK) == 0;
        }
        ssize_t write(int fd, const void *bytes, size_t count)
        {
            if (exceeded(fd)) { errno = EDQUOT; return -1; }
            return ((ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write"))(fd, bytes, count);
        }
        ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
        {
            if (exceeded(fd)) { errno = EDQUOT; return -1; }
            return ((ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64"))(fd, bytes, count, at);
        }
        ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }
        int posix_fallocate64(int fd, off64_t at, off64_t count)
        {
            return exceeded(fd) ? EDQUOT : ((int (*)(int, off64_t, off64_t))dlsym(RTLD_NEXT, "posix_fallocate64"))(fd, at, count);
        }
        int posix_fallocate(int fd, off_t at, off_t count) { return posix_fallocate64(fd, at, count); }

        """;

    public QuotaTests() => Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.Is64BitProcess, "the library is that of Linux with 64 bits");

    /// <summary>The state goes where --spill says, and goes on from there.</summary>
    [Fact]
    public void Train_WhoseQuotaIsUsedUp_SpillsAndGoesOnThere()
    {
        using var folder = new TemporaryFolder();
        MakeQuota(folder);
        const string train = "train --data spirals --epochs 300 --hidden 64,64 --batch 20 --threads 1 --checkpoint-every 200 --json";
        CommandResult result = Shell(folder,
            $"LD_PRELOAD=./quota.so dotnet $dll {train} --out limited/out --spill spill >log 2>error & until grep -qs train_loss log || ! kill -0 $!; do sleep 0.02; done; touch exceeded; wait $!; code=$?; "
            + $"grep -v warning error >&2; run {train} --out whole >/dev/null; cmp whole/best.safetensors spill/best.safetensors >&2; cmp whole/last.safetensors spill/last.safetensors >&2; ls -A limited/out | grep tmp; wc -l <spill/metrics.jsonl; exit $code");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.StartsWith("nativemlp: The state could not be saved as limited/out/last.safetensors: Disk quota exceeded. It is saved in spill. Resume the run with ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["301"], result.Lines);
    }

    [Fact]
    public void Train_WhereTheQuotaIsUsedUp_IsRefusedBeforeTheFirstStep()
    {
        using var folder = new TemporaryFolder();
        MakeQuota(folder);
        CommandResult result = Shell(folder, $"run train --data moons --epochs 1 --out limited/out >/dev/null; sha256sum limited/out/* >before; touch exceeded; "
            + "LD_PRELOAD=./quota.so dotnet $dll train --data moons --epochs 1 --seed 2 --out limited/out --overwrite >/dev/null; code=$?; rm exceeded; sha256sum --quiet -c before >&2; exit $code");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Matches(@"^nativemlp: The run needs files of up to [\d,]+ bytes in limited/out, but they cannot be written: Disk quota exceeded\.\n$", result.Error);
    }

    private static void MakeQuota(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.File("limited"));
        File.WriteAllText(folder.File("quota.c"), Library);
        Assert.SkipUnless(Shell(folder, "cc -shared -fPIC -o quota.so quota.c -ldl").ExitCode == 0, "there is no C compiler here");
    }

    private static CommandResult Shell(TemporaryFolder folder, string script) => Command.Shell(folder, script).WithDefaultSignals().Run();
}
