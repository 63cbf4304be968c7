// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Interop;

/// <summary>A program whose native library is missing or wrong says what is wrong and all that helps to repair it.</summary>
[Trait("Starts", "Processes")]
public sealed class LoadFailureTests
{
    private const int NativeLibraryExitCode = 4;

    private static readonly string FileName = Path.GetFileName(NativeLibraryInfo.Path!);

    [Fact]
    public void Library_TakenAway_IsNotFound()
    {
        using TemporaryFolder program = Program();
        CommandResult result = Fails(program, "The native library nmlp was not found.");
        Assert.Contains("expected " + NativeLibraryInfo.RequiredAbiVersion + ", found none", result.Error, StringComparison.Ordinal);
        Assert.Contains(program.File(FileName), result.Error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native", FileName), result.Error, StringComparison.Ordinal);
        Assert.Contains("\n  loader: ", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Beside the program, and where packages have it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Library_ForAnotherProcessor_IsThereButUseless(bool inRuntimes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the file that is changed here is Linux's");
        byte[] elf = File.ReadAllBytes(NativeLibraryInfo.Path!);
        const int machine = 18, x64 = 62, arm64 = 183;
        elf[machine] = elf[machine] == x64 ? (byte)arm64 : (byte)x64;
        using TemporaryFolder program = Program();
        string folder = inRuntimes ? Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native") : "";
        Directory.CreateDirectory(program.File(folder));
        program.Write(Path.Combine(folder, FileName), elf);
        CommandResult result = Fails(program,
            "The native library nmlp is there, but it is for another system or processor, or something that it needs is missing.");
        Assert.Contains(program.File(Path.Combine(folder, FileName)) + ": ", result.Error, StringComparison.Ordinal); // the loader's words
    }

    [Fact]
    public void Library_OfAnotherRelease_HasAnotherAbi()
    {
        int other = NativeLibraryInfo.RequiredAbiVersion - 1;
        using TemporaryFolder program = Program();
        Compile(program, $"int nmlp_abi_version(void) {{ return {other}; }}");
        CommandResult result = Fails(program,
            $"The native library nmlp has ABI version {other}; this NativeMlp needs {other + 1}: the two come from different releases.");
        Assert.Contains($"expected {other + 1}, found {other}\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("\n  loaded: " + program.File(FileName) + "\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_OfTheSameNameByOthers_IsNotOurs()
    {
        using TemporaryFolder program = Program();
        Compile(program, "int other(void) { return 1; }");
        CommandResult result = Fails(program, "A library named nmlp was found, but it is not NativeMlp's.");
        Assert.Contains("\n  loaded: " + program.File(FileName) + "\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("'nmlp_abi_version'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_WithNoSuchInstructionSet_NamesThoseThatItHas()
    {
        CommandResult result = Command.Runner("info").With("NMLP_ISA", "avx9").Run();
        Assert.Equal(NativeLibraryExitCode, result.ExitCode);
        Assert.StartsWith("nativemlp: The environment variable NMLP_ISA is 'avx9', which this processor and this build do not have; available: scalar",
            result.Error, StringComparison.Ordinal);
    }

    /// <summary>Not a failure: one folder with the libraries of several platforms, as the tool's package has it.</summary>
    [Fact]
    public void Library_InRuntimes_IsFound()
    {
        using TemporaryFolder program = Program();
        string folder = Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        Directory.CreateDirectory(program.File(folder));
        File.Copy(NativeLibraryInfo.Path!, program.File(Path.Combine(folder, FileName)));
        CommandResult result = Run(program);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(program.File(Path.Combine(folder, FileName)), result.Output, StringComparison.Ordinal);
    }

    // The runner with all that it needs but the native library.
    private static TemporaryFolder Program()
    {
        TemporaryFolder folder = new();
        IEnumerable<string> files = Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "NativeMlp.Runner.*.json"));
        foreach (string file in files.Where(file => Path.GetFileName(file) != FileName))
            File.Copy(file, folder.File(Path.GetFileName(file)));

        return folder;
    }

    private static CommandResult Run(TemporaryFolder program) => new Command("dotnet", program.File("NativeMlp.Runner.dll"), "info").Run();

    private static CommandResult Fails(TemporaryFolder program, string sentence)
    {
        CommandResult result = Run(program);
        Assert.True(result.ExitCode == NativeLibraryExitCode, result.ToString());
        Assert.Empty(result.Output);
        Assert.StartsWith($"nativemlp: {sentence}\n  platform: {RuntimeInformation.RuntimeIdentifier}\n  processor: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal); // no stack trace
        return result;
    }

    private static void Compile(TemporaryFolder program, string source)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the compiler's options are not those of Windows");
        File.WriteAllText(program.File("other.c"), source);
        CommandResult result = new Command("cc", "-shared", "-fPIC", "-o", program.File(FileName), program.File("other.c")).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
    }
}
