// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Reflection;
using System.Text;

namespace NativeMlp.Onnx.Sources;

/// <summary>Puts a C header together: functions that it needs, each once, then tables and what uses them.</summary>
internal sealed class CWriter(string prefix)
{
    private const int NumbersOfALine = 8;

    private readonly StringBuilder _parts = new();
    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Before every name of the header.</summary>
    public string Prefix => prefix;

    /// <summary>Takes a function of <c>Sources/C</c>, with those that it needs named before it.</summary>
    public void Need(params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
        {
            if (_taken.Add(part)) _parts.Append(Resource(part).Replace("MODEL_", prefix + "_", StringComparison.Ordinal)).Append('\n');
        }
    }

    /// <summary>Adds a line.</summary>
    public void Line(string line = "") => _text.Append(line).Append('\n');

    /// <summary>Adds a table of floats.</summary>
    /// <returns>Its name.</returns>
    public string Floats(string name, ReadOnlySpan<float> values) => Table("float", name, values.Length, values.ToArray().Select(CText.Number));

    /// <summary>Adds a table of doubles.</summary>
    /// <returns>Its name, or NULL for an empty one.</returns>
    public string Doubles(string name, IReadOnlyCollection<double> values) =>
        values.Count == 0 ? "NULL" : Table("double", name, values.Count, values.Select(CText.Number));

    /// <summary>Adds a table of texts.</summary>
    /// <returns>Its name, or NULL for an empty one.</returns>
    public string Texts(string name, IReadOnlyCollection<string> values) =>
        values.Count == 0 ? "NULL" : Table("char *const", name, values.Count, values.Select(CText.Quoted));

    /// <summary>The header.</summary>
    /// <param name="about">What it is, as lines of a comment.</param>
    public string ToHeader(IEnumerable<string> about)
    {
        string guard = prefix.ToUpperInvariant() + "_H";
        return $"""
            /* {string.Join("\n * ", about)} */
            #ifndef {guard}
            #define {guard}

            #include <math.h>
            #include <stddef.h>
            #include <stdint.h>
            #include <string.h>

            #if defined(__FAST_MATH__)
            #error "the answers need IEEE arithmetic: compile without -ffast-math"
            #endif
            /* 16 also rounds floats to floats. gcc says so for a processor with half-precision instructions. */
            #if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
            #error "the answers need floats that are rounded to floats: compile with -msse2 -mfpmath=sse"
            #endif


            """.ReplaceLineEndings("\n") + _parts + _text + "\n#endif\n";
    }

    private string Table(string type, string name, int length, IEnumerable<string> values)
    {
        string full = $"{prefix}_{name}";
        _text.Append(CultureInfo.InvariantCulture, $"static const {type} {full}[{length}] = {{\n");
        foreach (string[] line in values.Chunk(NumbersOfALine)) _text.Append("    ").AppendJoin(", ", line).Append(",\n");
        _text.Append("};\n");
        return full;
    }

    private static string Resource(string part)
    {
        using Stream stream = typeof(CWriter).Assembly.GetManifestResourceStream(part + ".h") ?? throw new MissingManifestResourceException(part);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private sealed class MissingManifestResourceException(string part) : InvalidOperationException($"There is no part {part} of C headers.");
}
