// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Interop;

/// <summary>What the library says about itself.</summary>
public sealed class LibraryTests
{
    [Fact]
    public void NativeLibraryInfo_OfThisBuild_IsWhatItIs()
    {
        Assert.Equal(NativeLibraryInfo.RequiredAbiVersion, NativeLibraryInfo.AbiVersion);
        Assert.Matches(@"^\d+\.\d+\.\d+$", NativeLibraryInfo.Version);
        Assert.Contains(InstructionSet.Scalar, NativeLibraryInfo.Available);
        Assert.Contains(NativeLibraryInfo.Active, NativeLibraryInfo.Available);
        Assert.InRange(NativeLibraryInfo.DefaultThreads, 1, 1024);
        Assert.Contains(NativeLibraryInfo.ParallelBackend, new[] { "pool", "openmp", "none" });
        Assert.Matches(@"^(gcc|clang) \d+\.\d+\.\d+$|^MSVC \d+$", NativeLibraryInfo.Compiler);
        Assert.True(File.Exists(NativeLibraryInfo.Path), NativeLibraryInfo.Path);
    }

    /// <summary>The words and numbers of the interface: users' files and other languages lean on them.</summary>
    [Fact]
    public void Enums_OfTheInterface_KeepTheirNumbers()
    {
        Assert.Equal("Identity=0 Relu=1 LeakyRelu=2 Sigmoid=3 Tanh=4 Elu=5 Gelu=6 GeluTanh=7 Softplus=8 Silu=9 Maxout=10", Numbers<Activation>());
        Assert.Equal("SoftmaxCrossEntropy=0 BinaryCrossEntropy=1 MeanSquaredError=2 Huber=3 MulticlassHinge=4", Numbers<Loss>());
        Assert.Equal("Sgd=0 Momentum=1 Adam=2 Nesterov=3 AdaGrad=4 RmsProp=5 AdamW=6", Numbers<OptimizerKind>());
        Assert.Equal("Parameter=0 Gradient=1 FirstMoment=2 SecondMoment=3 ThirdMoment=4", Numbers<TensorKind>());
        Assert.Equal("None=0 Batch=1 Layer=2", Numbers<Norm>());
        Assert.Equal("Scalar=0 Avx2=1 Avx512=2 Neon=3", Numbers<InstructionSet>());
        Assert.Equal("Default=0 Zeros=1 HeNormal=2 HeUniform=3 GlorotNormal=4 GlorotUniform=5 LeCunNormal=6 Normal=7", Numbers<Initialization>());
    }

    private static string Numbers<T>() where T : struct, Enum =>
        string.Join(' ', Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt32(value, null)}"));
}
