// SPDX-License-Identifier: MIT
using System.Security.Cryptography;

namespace NativeMlp.Tests.Support;

/// <summary>The hashes that the models of tables and their answers have on every platform (<c>tests/data/tables/agreed.sha256</c>, as
/// sha256sum writes it).</summary>
internal static class AgreedHashes
{
    private static readonly Dictionary<string, string> s_byName = File.ReadAllLines(TestFiles.PathOf("tables", "agreed.sha256"))
        .Select(line => line.Split("  ")).ToDictionary(parts => parts[1], parts => parts[0]);

    /// <summary>Asserts that bytes have the hash of a name.</summary>
    public static void Check(string name, string sha256) => Assert.True(s_byName[name] == sha256, $"{sha256}  {name} is not the agreed {s_byName[name]}");

    public static string Compute(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
