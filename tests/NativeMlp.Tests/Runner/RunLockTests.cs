// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Runs;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>The lock of a folder and the name of its holder.</summary>
public sealed class RunLockTests
{
    [Fact]
    public void TryTake_WhereTheHolderCannotBeWritten_TakesTheLock()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File(".lock-holder"));
        using RunLock? held = RunLock.TryTake(folder.Path);
        Assert.NotNull(held);
        Assert.Null(RunLock.TryTake(folder.Path));
    }
}
