// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NativeMlp.Data;
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Export;

/// <summary>Names of classes and columns, for files of others.</summary>
internal static class ModelNames
{
    /// <summary>The classes of a network: those of the built-in data set that it was trained on, or their numbers.</summary>
    public static IReadOnlyList<string> ClassesOf(Mlp network, CheckpointInfo info)
    {
        BuiltInDataSet? data = BuiltInDataSets.All.FirstOrDefault(set => set.Name == info.DataSet);
        return data?.ClassNames.Count == network.Classes ? data.ClassNames
            : [.. Enumerable.Range(0, network.Classes).Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>Names as a JSON array.</summary>
    public static string Json(IEnumerable<string> names)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (string name in names) json.WriteStringValue(name);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
