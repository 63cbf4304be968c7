// SPDX-License-Identifier: MIT
using System.Security.Cryptography;
using System.Text;

namespace NativeMlp.Storage;

/// <summary>The SHA-256 of a file, which is stored in its metadata. It is the hash of all bytes, with zeros in place of its own
/// digits.</summary>
internal static class ContentHash
{
    /// <summary>The name of the metadata.</summary>
    public const string Name = "content_sha256";

    /// <summary>The placeholder for the digits while the hash is computed.</summary>
    public static readonly string Blank = new('0', SHA256.HashSizeInBytes * 2);

    /// <summary>Whether a name differs from <see cref="Name"/> in one character. Files of older versions have no hash. Without this check, a
    /// single damaged byte could make a file look like one of these.</summary>
    public static bool IsDamagedName(string name) =>
        name.Length == Name.Length && name.Zip(Name).Count(pair => pair.First != pair.Second) == 1;

    /// <summary>Writes a file and then the digits of its hash.</summary>
    /// <param name="file">The file, which can seek.</param>
    /// <param name="header">The header, with <see cref="Blank"/> in its metadata.</param>
    /// <param name="pour">Hands all bytes of the file to a sink.</param>
    public static void Write(Stream file, ReadOnlySpan<byte> header, Action<FloatBytes.Sink> pour)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        pour(bytes =>
        {
            hash.AppendData(bytes);
            file.Write(bytes);
        });
        file.Position = SafeTensorsFile.LengthBytes + PlaceOf(Blank, header);
        file.Write(Encoding.UTF8.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset())));
        file.Position = file.Length;
    }

    /// <summary>Whether a file has the hash that its metadata state.</summary>
    /// <param name="file">The file, at the beginning of the data.</param>
    /// <param name="beginning">All before the data.</param>
    /// <param name="stated">The digits in the metadata.</param>
    public static bool Matches(Stream file, ReadOnlySpan<byte> beginning, string stated)
    {
        int place = PlaceOf(stated, beginning);
        if (place < 0 || stated.Length != Blank.Length) return false;
        byte[] blank = beginning.ToArray();
        blank.AsSpan(place, Blank.Length).Fill((byte)'0');
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(blank);
        byte[] chunk = new byte[1 << 20];
        for (int read; (read = file.Read(chunk)) > 0;) hash.AppendData(chunk, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == stated;
    }

    private static int PlaceOf(string digits, ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf(Encoding.UTF8.GetBytes($"\"{Name}\":\"{digits}\"")) is int place and >= 0 ? place + Name.Length + 4 : -1;
}
