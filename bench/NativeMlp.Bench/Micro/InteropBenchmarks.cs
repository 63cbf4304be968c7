// SPDX-License-Identifier: MIT
using BenchmarkDotNet.Attributes;
using NativeMlp.Bench.Measuring;

namespace NativeMlp.Bench.Micro;

/// <summary>What a call into the native library costs that does next to nothing there.</summary>
[MemoryDiagnoser]
public class InteropBenchmarks
{
    private readonly float[] _one = [1];
    private int _sum;

    [Benchmark(Baseline = true, OperationsPerInvoke = NativeCalls.Calls)]
    public void BarePInvoke() => _sum = NativeCalls.AbiVersions();

    [Benchmark(OperationsPerInvoke = NativeCalls.Calls)]
    public void Property() => _sum = NativeCalls.AbiProperties();

    [Benchmark(OperationsPerInvoke = NativeCalls.Calls)]
    public void KernelWithSpans() => NativeCalls.SmallKernels(_one);
}
