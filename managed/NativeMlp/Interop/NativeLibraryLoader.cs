// SPDX-License-Identifier: MIT
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeMlp.Interop;

internal static class NativeLibraryLoader
{
    private static readonly Lock s_lock = new();
    private static bool s_resolving;
    private static volatile bool s_ready;

    /// <summary>Loads the library if that has not happened yet, and checks that it is the right one and that it has
    /// an instruction set to work with.</summary>
    /// <exception cref="NativeLibraryLoadException">It cannot be used; the message says why.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EnsureLoaded()
    {
        if (!s_ready) Load();
    }

    public static IReadOnlyList<InstructionSet> AvailableInstructionSets() =>
        [.. Enum.GetValues<InstructionSet>().Where(isa => NativeMethods.nmlp_isa_available((int)isa) == 1)];

    private static void Load()
    {
        int found = ReadAbiVersion();
        if (found != NativeMethods.AbiVersion)
        {
            throw new NativeLibraryLoadException(
                $"The native library nmlp has ABI version {found}; this NativeMlp needs {NativeMethods.AbiVersion}: the two come from different releases.",
                foundAbiVersion: found);
        }

        int status = NativeMethods.nmlp_initialize();
        if (status == (int)NativeStatus.UnsupportedIsa)
            throw new NativeLibraryLoadException(InstructionSetSentence(), foundAbiVersion: found);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_initialize));
        s_ready = true;
    }

    // A program takes one resolver for an assembly, for good.
    private static void SetResolver()
    {
        lock (s_lock)
        {
            if (!s_resolving)
                NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);
            s_resolving = true;
        }
    }

    // First as the runtime does it; then a folder that serves several platforms and is not described in
    // the program's deps.json: a tool's, or a plugin's.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (NativeLibrary.TryLoad(name, assembly, searchPath, out nint library))
            return library;
        string? file = NativeLibraryPlaces.RuntimeFiles().FirstOrDefault(File.Exists);
        return file is null ? 0 : NativeLibrary.Load(file);
    }

    private static int ReadAbiVersion()
    {
        SetResolver();
        try
        {
            return NativeMethods.nmlp_abi_version();
        }
        catch (DllNotFoundException error)
        {
            throw new NativeLibraryLoadException(NativeLibraryPlaces.Candidates().Any(File.Exists)
                ? "The native library nmlp is there, but it is for another system or processor, or something that it needs is missing."
                : "The native library nmlp was not found.", inner: error);
        }
        catch (BadImageFormatException error)
        {
            throw new NativeLibraryLoadException(
                "The native library nmlp is not one for this operating system and processor.", inner: error);
        }
        catch (EntryPointNotFoundException error)
        {
            throw new NativeLibraryLoadException(
                "A library named nmlp was found, but it is not NativeMlp's.", inner: error);
        }
    }

    private static string InstructionSetSentence()
    {
        string available = string.Join(", ", AvailableInstructionSets().Select(NativeText.Name));
        return Environment.GetEnvironmentVariable("NMLP_ISA") is { } value
            ? $"The environment variable NMLP_ISA is {Printable.Quoted(value)}, which this processor and this build do not have; available: {available}."
            : $"The native library nmlp has no instruction set that this processor can run; available: {available}.";
    }
}
