// SPDX-License-Identifier: MIT
using System.Reflection;
using System.Runtime.InteropServices;
using NativeMlp.Interop;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Interop;

/// <summary>Three lists of the same things must agree: what nmlp.h declares, what the C# side imports, what the built
/// library exports.</summary>
public sealed class AbiTests
{
    /// <summary>The C# type of each enumeration of nmlp.h, and the prefix that its values have there.</summary>
    private static readonly Dictionary<string, (Type Type, string Prefix)> EnumTypes = new()
    {
        ["nmlp_status"] = (typeof(NativeStatus), "NMLP_"),
        ["nmlp_isa"] = (typeof(InstructionSet), "NMLP_ISA_"),
        ["nmlp_activation"] = (typeof(Activation), "NMLP_ACTIVATION_"),
        ["nmlp_loss"] = (typeof(Loss), "NMLP_LOSS_"),
        ["nmlp_norm"] = (typeof(Norm), "NMLP_NORM_"),
        ["nmlp_optimizer_kind"] = (typeof(OptimizerKind), "NMLP_OPTIMIZER_"),
        ["nmlp_init"] = (typeof(Initialization), "NMLP_INIT_"),
        ["nmlp_precision"] = (typeof(Precision), "NMLP_PRECISION_"),
        ["nmlp_feature_type"] = (typeof(NativeFeatureType), "NMLP_FEATURE_"),
        ["nmlp_output"] = (typeof(PredictionKind), "NMLP_OUTPUT_"),
        ["nmlp_tensor_kind"] = (typeof(TensorKind), "NMLP_TENSOR_"),
        ["nmlp_nonfinite"] = (typeof(NonFinitePlace), "NMLP_NONFINITE_"),
    };

    /// <summary>What a parameter of nmlp.h may be in C#, written as <see cref="CSharp(ParameterInfo)"/> writes it.</summary>
    private static readonly Dictionary<string, string[]> ParameterTypes = new()
    {
        ["void"] = ["Void"],
        ["int32_t"] = ["Int32"],
        ["size_t"] = ["UIntPtr"],
        ["uint64_t"] = ["UInt64"],
        ["float"] = ["Single"],
        ["double"] = ["Double"],
        ["const char*"] = ["Byte*"],
        ["const float*"] = ["ReadOnlySpan<Single>"],
        ["float*"] = ["Span<Single>"],
        ["const int32_t*"] = ["ReadOnlySpan<Int32>"],
        ["int32_t*"] = ["Span<Int32>"],
        ["double*"] = ["out Double"],
        ["size_t*"] = ["out UIntPtr"],
        ["nmlp_net*"] = ["NetHandle", "IntPtr"],
        ["const nmlp_net*"] = ["NetHandle"],
        ["nmlp_net**"] = ["out NetHandle"],
    };

    /// <summary>What a member of a structure of nmlp.h is in C#, and its size.</summary>
    private static readonly Dictionary<string, (Type Type, int Size)> MemberTypes = new()
    {
        ["int32_t"] = (typeof(int), 4),
        ["uint32_t"] = (typeof(uint), 4),
        ["uint64_t"] = (typeof(ulong), 8),
        ["size_t"] = (typeof(nuint), 8),
        ["float"] = (typeof(float), 4),
        ["double"] = (typeof(double), 8),
        ["const void*"] = (typeof(void).MakePointerType(), 8),
        ["const float*"] = (typeof(float).MakePointerType(), 8),
        ["const int32_t*"] = (typeof(int).MakePointerType(), 8),
    };

    [Fact]
    public void AbiVersion_OfHeaderAssemblyAndLibrary_IsOne()
    {
        Assert.Equal(CHeader.Nmlp.AbiVersion, NativeLibraryInfo.RequiredAbiVersion);
        Assert.Equal(CHeader.Nmlp.AbiVersion, NativeLibraryInfo.AbiVersion);
    }

    /// <summary>All are imported: an export that nobody imports would be untested from here.</summary>
    [Fact]
    public void Functions_OfTheHeader_AreThoseImported() =>
        Assert.Equal(CHeader.Nmlp.Functions.Select(f => f.Name).Order(StringComparer.Ordinal), Imports().Select(m => m.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Functions_OfTheHeader_HaveTheTypesImported()
    {
        Dictionary<string, MethodInfo> imports = Imports().ToDictionary(m => m.Name);
        Assert.All(CHeader.Nmlp.Functions, function =>
        {
            MethodInfo import = imports[function.Name];
            string[] declared = [function.Result, .. function.Parameters];
            string[] imported = [CSharp(import.ReturnParameter), .. import.GetParameters().Select(CSharp)];
            Assert.Equal(declared.Length, imported.Length);
            Assert.All(declared.Zip(imported), pair => Assert.Contains(pair.Second, Allowed(pair.First)));
        });
    }

    [Fact]
    public void Functions_OfTheHeader_AreExportedByTheLibrary()
    {
        nint library = NativeLibrary.Load(NativeLibraryInfo.Path!);
        Assert.All(CHeader.Nmlp.Functions, f => Assert.True(NativeLibrary.TryGetExport(library, f.Name, out _), f.Name));
        NativeLibrary.Free(library);
    }

    /// <summary>What the header promises of a function is tried at its edges: see test_promises.c and test_promises_edges.c.</summary>
    [Fact]
    public void Functions_OfTheHeader_AreHeldToTheirPromises()
    {
        string tests = string.Concat(Directory.GetFiles(Repository.PathOf("tests", "native"), "*promises*").Select(File.ReadAllText));
        Assert.All(CHeader.Nmlp.Functions, f => Assert.Contains(f.Name + "(", tests, StringComparison.Ordinal));
    }

    /// <summary>Each number among the options is in a table of test_option_ranges.c or test_optimizer_options.c, which tries
    /// what lies in its range and what does not.</summary>
    [Fact]
    public void Numbers_OfTheOptions_AreTriedAtTheirLimits()
    {
        string tests = string.Concat(Directory.GetFiles(Repository.PathOf("tests", "native"), "test_opti*.c").Select(File.ReadAllText));
        string[] numbers =
        [
            .. from declared in CHeader.Nmlp.Structs
               where declared.Name is "nmlp_layer" or "nmlp_net_options" or "nmlp_optimizer"
               from member in declared.Members
               where member.Type is "float" or "double"
               select $"{(declared.Name switch { "nmlp_layer" => "LAYER", "nmlp_optimizer" => "OPTION", _ => "NET" })}({member.Name},",
        ];
        Assert.Equal(20, numbers.Length);
        Assert.All(numbers, number => Assert.Contains(number, tests, StringComparison.Ordinal));
    }

    [Fact]
    public void Enums_OfTheHeader_HaveTheirValuesInCSharp()
    {
        Assert.Equal(CHeader.Nmlp.Enums.Keys.Order(StringComparer.Ordinal), EnumTypes.Keys.Order(StringComparer.Ordinal));
        Assert.All(CHeader.Nmlp.Enums, declared =>
        {
            (Type type, string prefix) = EnumTypes[declared.Key];
            Dictionary<string, int> here = Enum.GetNames(type).ToDictionary(name => name.ToUpperInvariant(), name => (int)Enum.Parse(type, name));
            if (type == typeof(NonFinitePlace))
                here.Add("NONE", 0); // in C# that is no NonFinite at all
            Assert.Equal(declared.Value.Select(v => (Plain(v.Name, prefix), v.Value)).Order(), here.Select(v => (v.Key, v.Value)).Order());
        });
    }

    [Fact]
    public void Structs_OfTheHeader_HaveTheirLayoutInCSharp() =>
        Assert.All(CHeader.Nmlp.Structs, declared =>
        {
            Type type = CSharp(declared.Name);
            FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            Assert.Equal(declared.Members.Select(m => (Pascal(m.Name), MemberTypes[m.Type].Type)), fields.Select(f => (f.Name, f.FieldType)));
            (int[] offsets, int size) = Layout([.. declared.Members.Select(m => MemberTypes[m.Type].Size)]);
            Assert.Equal(offsets, fields.Select(f => (int)Marshal.OffsetOf(type, f.Name)));
            Assert.Equal(size, Marshal.SizeOf(type));
        });

    // The source generator makes the imports' bodies; the names and types are those of the declarations.
    private static MethodInfo[] Imports() =>
        [.. typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.Public).Where(m => m.Name.StartsWith("nmlp_", StringComparison.Ordinal))];

    private static string[] Allowed(string type)
    {
        if (ParameterTypes.TryGetValue(type, out string[]? allowed))
            return allowed;
        bool constant = type.StartsWith("const ", StringComparison.Ordinal);
        string name = CSharp(type.Replace("const ", "", StringComparison.Ordinal).TrimEnd('*')).Name;
        return constant ? [$"in {name}", $"ReadOnlySpan<{name}>"] : [$"out {name}", $"ref {name}"];
    }

    private static string CSharp(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (type.IsByRef)
            return (parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ") + type.GetElementType()!.Name;
        return type.IsGenericType ? $"{type.Name.Split('`')[0]}<{type.GetGenericArguments()[0].Name}>" : type.Name;
    }

    private static Type CSharp(string structure) =>
        typeof(NativeBatch).Assembly.GetType("NativeMlp.Interop.Native" + Pascal(structure["nmlp_".Length..]), throwOnError: true)!;

    // Each member at a multiple of its size, the whole at a multiple of the greatest: every ABI that there is a build for.
    private static (int[] Offsets, int Size) Layout(int[] sizes)
    {
        int end = 0;
        int[] offsets = new int[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            offsets[i] = (end + sizes[i] - 1) / sizes[i] * sizes[i];
            end = offsets[i] + sizes[i];
        }

        int alignment = sizes.Max();
        return (offsets, (end + alignment - 1) / alignment * alignment);
    }

    private static string Plain(string name, string prefix) =>
        name[prefix.Length..].Replace("ERROR_", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    private static string Pascal(string name) =>
        string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
