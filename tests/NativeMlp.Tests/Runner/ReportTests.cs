// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using NativeMlp.Runner.Demos.TwoLayerNet;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Figures;

namespace NativeMlp.Tests.Runner;

/// <summary>The pictures that the runner writes, read back.</summary>
public sealed class ReportTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(277, 277)]
    public void Png_OfAPicture_HasItsPixels(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(1).NextBytes(pixels);
        byte[] file = Png.Encode(new Picture(width, height, pixels));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        (string Kind, byte[] Data)[] chunks = [.. Chunks(file)];
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Kind));
        byte[] header = chunks[0].Data;
        Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(header));
        Assert.Equal(height, BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        Assert.Equal([8, 2, 0, 0, 0], header[8..]);
        Assert.Equal(pixels, Pixels(chunks[1].Data, width, height));
        Assert.Equal([0xAE, 0x42, 0x60, 0x82], file[^4..]); // the checksum that every PNG ends with
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 2, 2)]
    [InlineData(5, 3, 2)] // 1 × 5 would be too long
    [InlineData(50, 10, 5)]
    [InlineData(100, 10, 10)]
    [InlineData(128, 16, 8)]
    public void WeightTiles_OfSomeUnits_LeavesTheFewestPlacesEmpty(int units, int across, int down)
    {
        const int side = 4, inputs = side * side * 3;
        float[] weights = new float[inputs * units];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = ((i / units) - 7) * (1 + (i % units)); // each unit grows along its inputs, as steep as it is late
        }

        Picture grid = WeightTiles.Draw(weights, units, side, units);
        Assert.Equal((across * side) + ((across - 1) * WeightTiles.Gap), grid.Width);
        Assert.Equal((down * side) + ((down - 1) * WeightTiles.Gap), grid.Height);
        byte[] expected = [.. Enumerable.Repeat(WeightTiles.Background, grid.Rgb.Length)]; // between and behind the tiles
        for (int unit = 0; unit < units; unit++)
        {
            (int left, int top) = (unit % across * (side + WeightTiles.Gap), unit / across * (side + WeightTiles.Gap));
            for (int i = 0; i < inputs; i++)
            {
                (int y, int x) = (i / (side * 3), i % (side * 3));
                expected[((top + y) * grid.Width * 3) + (left * 3) + x] = (byte)(255 * i / (inputs - 1)); // all from 0 to 255
            }
        }

        Assert.Equal(expected, grid.Rgb);
    }

    [Fact]
    public void WeightTiles_OfEqualWeights_AreBlack()
    {
        float[] weights = [.. Enumerable.Repeat(0.5f, 3)];
        Assert.Equal([0, 0, 0], WeightTiles.Draw(weights, 1, 1, 1).Rgb);
    }

    [Fact]
    public void Curves_OfTwoRuns_AreFourPlotsInsideThePicture()
    {
        CourseRun run = new("One & another", [2.3, 2.2, 2.0, 2.1], [new CourseEpoch(1, 0.1, 0.1), new CourseEpoch(3, 0.2, 0.15)], 0.2, 0.15, 0.16);
        XElement svg = XElement.Parse(Curves.Draw([run, run with { Losses = [1, 1, 1] }]));
        double width = (double)svg.Attribute("width")!, height = (double)svg.Attribute("height")!;
        XElement[] lines = [.. svg.Descendants().Where(e => e.Name.LocalName == "polyline")];
        Assert.Equal(2 * (1 + (2 * 2)), lines.Length); // loss, and two accuracies with their legends
        Assert.All(lines.SelectMany(line => line.Attribute("points")!.Value.Split(' ')), point =>
        {
            double[] xy = [.. point.Split(',').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
            Assert.InRange(xy[0], 0, width);
            Assert.InRange(xy[1], 0, height);
        });
        Assert.Contains("One & another", svg.Value, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Kind, byte[] Data)> Chunks(byte[] file)
    {
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            Assert.Equal(Checksum(file.AsSpan(at + 4, 4 + length)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            yield return (Encoding.ASCII.GetString(file, at + 4, 4), file.AsSpan(at + 8, length).ToArray());
            at += 12 + length;
        }
    }

    private static byte[] Pixels(byte[] data, int width, int height)
    {
        using ZLibStream zlib = new(new MemoryStream(data), CompressionMode.Decompress);
        using MemoryStream rows = new();
        zlib.CopyTo(rows);
        int pitch = 1 + (width * 3);
        Assert.Equal(pitch * height, rows.Length);
        byte[][] split = [.. rows.ToArray().Chunk(pitch)];
        Assert.All(split, row => Assert.Equal(0, row[0])); // no filter
        return [.. split.SelectMany(row => row[1..])];
    }

    // CRC-32 as the PNG specification defines it, bit by bit.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
        }

        return ~crc;
    }
}
