// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Weights;

/// <summary>Writes the weights of a network as NumPy's archive of arrays.</summary>
internal static class NpzWriter
{
    // Whatever the clock says, the same model gives the same file.
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(Mlp network, Stream file)
    {
        using ZipArchive archive = new(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((int layer, LayerTensor which) in CheckpointTensors.Of(network, TensorKind.Parameter))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{CoefficientLists.NameOf(which)}{layer}");
            float[] values = CheckpointTensors.Read(network, TensorKind.Parameter, layer, which);
            Write(archive, name, "<f4", CheckpointTensors.Shape(network, layer, which), content => FloatBytes.Pour(values, content.Write));
        }

        foreach ((string name, string text) in WeightDescription.Of(network))
            Write(archive, name, string.Create(CultureInfo.InvariantCulture, $"<U{text.Length}"), [], content => content.Write(Encoding.UTF32.GetBytes(text)));
    }

    private static void Write(ZipArchive archive, string name, string type, int[] sizes, Action<Stream> write)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = s_time;
        using Stream content = entry.Open();
        content.Write(Header(type, sizes));
        write(content);
    }

    // A tuple of one element has a comma behind it; the data begin at a multiple of 64.
    private static byte[] Header(string type, int[] sizes)
    {
        string shape = string.Join(", ", sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))) + (sizes.Length == 1 ? "," : "");
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}";
        const int Before = 10;
        int length = ((Before + text.Length + 1 + 63) / 64 * 64) - Before;
        byte[] header = new byte[Before + length];
        ((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]).CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n").CopyTo(header, Before);
        return header;
    }
}
