// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>The files of <c>tests/data</c>, which are copied beside the test program: see <c>tests/data/README.md</c>.</summary>
internal static class TestFiles
{
    /// <summary>The path of a file or folder in it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "data", .. parts]);
}
