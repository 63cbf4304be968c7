// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.ServingBench;

/// <summary>What a number of connections saw.</summary>
internal sealed record LoadResult(double RequestsPerSecond, TimeSpan Median, TimeSpan Rare);

/// <summary>Connections that each send a request as soon as they have the answer to the one before: plain sockets, so that the load takes
/// little of the processors that the service needs.</summary>
internal static class Load
{
    /// <summary>Puts a bounded load on a service of this machine.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="connections">How many connections there are at once.</param>
    /// <param name="requests">How many requests each sends.</param>
    public static async Task<LoadResult> RunAsync(Uri address, int connections, int requests)
    {
        byte[] request = Request(address);
        long start = Stopwatch.GetTimestamp();
        TimeSpan[][] times = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => ConnectionAsync(address, request, requests))));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        TimeSpan[] all = [.. times.SelectMany(time => time).Order()];
        return new LoadResult(all.Length / seconds, all[all.Length / 2], all[(int)(all.Length * 0.999)]);
    }

    private static byte[] Request(Uri address)
    {
        string body = $"{{\"features\":[{string.Join(',', RandomData.Floats(ModelFiles.Inputs, seed: 9).Select(x => x.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}]}}";
        return Encoding.ASCII.GetBytes($"POST /score HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static async Task<TimeSpan[]> ConnectionAsync(Uri address, byte[] request, int requests)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
        byte[] buffer = new byte[4096];
        TimeSpan[] times = new TimeSpan[requests];
        for (int i = 0; i < requests; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            await ReceiveAsync(socket, buffer);
            times[i] = Stopwatch.GetElapsedTime(start);
        }

        return times;
    }

    // Kestrel answers in chunks here; the last one is empty.
    private static async Task ReceiveAsync(Socket socket, byte[] buffer)
    {
        int length = 0;
        while (!IsWhole(buffer.AsSpan(0, length)))
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0) throw new IOException("The service closed the connection.");
            length += read;
        }

        if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8)) throw new IOException(Encoding.ASCII.GetString(buffer, 0, length));
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        int head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        ReadOnlySpan<byte> body = answer[(head + 4)..];
        int at = answer[..head].IndexOf("Content-Length: "u8);
        if (at < 0) return body.EndsWith("0\r\n\r\n"u8);
        ReadOnlySpan<byte> digits = answer[(at + 16)..head];
        int end = digits.IndexOf((byte)'\r');
        return body.Length >= int.Parse(end < 0 ? digits : digits[..end], System.Globalization.CultureInfo.InvariantCulture);
    }
}
