// SPDX-License-Identifier: MIT
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Packages;

/// <summary>The sample of a web service, while its model file is replaced again and again.</summary>
[Collection(nameof(Packing))]
[Trait("Starts", "Processes")]
public sealed class WebServiceTests(PackedFeed feed)
{
    private const int Connections = 64, Replacements = 10, RequestsAtLeast = 50;

    private sealed record Visit(double? Minutes, string? Country, bool? Member);

    private sealed record Answer(double Probability, int Version, string WeightsSha256);

    private static readonly Visit[] s_visits =
        [.. Enumerable.Range(0, 40).Select(i => new Visit(i % 7 == 0 ? null : i, new[] { "DE", "AT", "CH", "FR", "XX" }[i % 5], i % 3 == 0 ? null : i % 2 == 0))];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_OnManyConnectionsWhileTheFileIsReplaced_AreEachOfOneModel()
    {
        using TemporaryFolder folder = new();
        feed.CopySample("web-service", folder);
        using Service service = await Service.StartAsync(feed, folder);
        string first = await service.TrainAsync(seed: 1), second = await service.TrainAsync(seed: 2);
        byte[][] files = [File.ReadAllBytes(first), File.ReadAllBytes(second)];
        Dictionary<string, double[]> expected = new() { [Hash(first)] = Expected(first), [Hash(second)] = Expected(second) };
        ConcurrentBag<string> wrong = [];
        ConcurrentDictionary<int, string> versions = [];
        using CancellationTokenSource replaced = new();
        Answer now = await service.AskAsync(s_visits[0]);
        while (now.WeightsSha256 != Hash(second)) now = await service.AskAsync(s_visits[0]);
        int before = now.Version, last = before;

        Task[] connections = [.. Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            for (int i = 0; i < RequestsAtLeast || !replaced.IsCancellationRequested; i++)
            {
                int visit = (i + connection) % s_visits.Length;
                Answer answer = await service.AskAsync(s_visits[visit]);
                if (versions.GetOrAdd(answer.Version, answer.WeightsSha256) != answer.WeightsSha256) wrong.Add($"version {answer.Version} has two hashes");
                if (expected[answer.WeightsSha256][visit] != answer.Probability) wrong.Add($"visit {visit} of version {answer.Version}: {answer.Probability}");
            }
        }, Stop))];
        for (int i = 0; i < Replacements; i++)
        {
            Replace(folder.File("visits.safetensors"), files[i % 2]);
            while (last < before + i + 1) last = (await service.AskAsync(s_visits[0])).Version;
        }

        await replaced.CancelAsync();
        await Task.WhenAll(connections); // an error in any request is one here
        Assert.Empty(wrong);
        Assert.Equal(before + Replacements, last);
        Assert.True(versions.Count >= Replacements, $"only {versions.Count} versions answered");
    }

    private static string Hash(string file)
    {
        using TableModel model = TableModel.Load(file);
        return Checkpoint.WeightsSha256(model.Networks);
    }

    // The answers of this process.
    private static double[] Expected(string file)
    {
        using TableModel model = TableModel.Load(file);
        return [.. s_visits.Select(visit => model.Predict(new Dictionary<string, object?> { ["minutes"] = visit.Minutes, ["country"] = visit.Country, ["member"] = visit.Member }).Values[1])];
    }

    private static void Replace(string file, byte[] content)
    {
        File.WriteAllBytes(file + ".new", content);
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>The sample in a process of its own.</summary>
    private sealed class Service : IDisposable
    {
        private readonly Process _process;
        private readonly HttpClient _client;
        private readonly TemporaryFolder _folder;

        private Service(Process process, Uri address, TemporaryFolder folder)
        {
            (_process, _folder) = (process, folder);
            _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        }

        /// <summary>Builds the sample and starts it on a free port of this machine.</summary>
        public static async Task<Service> StartAsync(PackedFeed feed, TemporaryFolder folder)
        {
            feed.Sdk(folder, "build", folder.File("web-service.cs"), "-o", folder.File("out")).RunSdk();
            ProcessStartInfo start = new("dotnet", [folder.File("out/web-service.dll"), "--urls", "http://127.0.0.1:0"])
            {
                WorkingDirectory = folder.Path,
                RedirectStandardOutput = true,
            };
            Process process = Process.Start(start)!;
            const string Listening = "Now listening on: ";
            while (await process.StandardOutput.ReadLineAsync(Stop) is { } line)
            {
                int at = line.IndexOf(Listening, StringComparison.Ordinal);
                if (at < 0) continue;
                _ = process.StandardOutput.ReadToEndAsync(Stop);
                return new Service(process, new Uri(line[(at + Listening.Length)..].Trim()), folder);
            }

            throw new InvalidOperationException("The sample ended before it listened.");
        }

        public async Task<Answer> AskAsync(Visit visit)
        {
            using HttpResponseMessage response = await _client.PostAsJsonAsync("/answer", visit, Stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await response.Content.ReadFromJsonAsync<Answer>(JsonSerializerOptions.Web, Stop))!;
        }

        /// <summary>Has the service train, with its progress, and copies the file that it saved.</summary>
        public async Task<string> TrainAsync(int seed)
        {
            using HttpResponseMessage response = await _client.PostAsync(new Uri($"/train/{seed}", UriKind.Relative), null, Stop);
            string events = await response.Content.ReadAsStringAsync(Stop);
            Assert.Matches(@"event: epoch\ndata: epoch 1 of \d+, loss 0\.\d+\n", events);
            Assert.EndsWith("data: saved\n\n", events, StringComparison.Ordinal);
            string copy = _folder.File($"seed-{seed}.safetensors");
            File.Copy(_folder.File("visits.safetensors"), copy);
            return copy;
        }

        public void Dispose()
        {
            _client.Dispose();
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
