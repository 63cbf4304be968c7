// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Micro;

/// <summary>The method is left out if this peer cannot be used.</summary>
/// <param name="key">The peer's key.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerBenchmarkAttribute(string key) : Attribute
{
    public string Key => key;
}
