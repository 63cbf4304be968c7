// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NativeMlp.Hosting;

namespace NativeMlp.ServingBench;

internal sealed record Question(float[] Features);

internal sealed record Reply(float First, float Second);

[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Reply))]
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
internal sealed partial class ServiceJson : JsonSerializerContext;

/// <summary>The web service: the same for each library but for what computes the scores.</summary>
internal static class Service
{
    public const string Word = "serve";

    public static int Run(string library, string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(server => server.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServiceJson.Default));
        builder.Services.AddNativeMlp("model", options => (options.Path, options.PollInterval) = (ModelFiles.Own(folder), TimeSpan.FromMilliseconds(50)));
        WebApplication app = builder.Build();
        IScorer scorer = Create(library, folder, app.Services);
        using IDisposable? disposable = scorer as IDisposable;
        long allocated = 0, answered = 0;
        app.MapPost("/score", (Question question) =>
        {
            Span<float> scores = stackalloc float[2];
            long before = GC.GetAllocatedBytesForCurrentThread();
            scorer.Score(question.Features, scores);
            Interlocked.Add(ref allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            Interlocked.Increment(ref answered);
            return new Reply(scores[0], scores[1]);
        });
        // Since it was last asked: what is made once, at the first prediction of a thread, is asked for before the measurement.
        app.MapGet("/allocated", () => (Interlocked.Exchange(ref allocated, 0) / Math.Max(1.0, Interlocked.Exchange(ref answered, 0))).ToString("F2", CultureInfo.InvariantCulture));
        app.Start();
        Console.WriteLine(app.Urls.First());
        app.WaitForShutdown();
        return 0;
    }

#pragma warning disable CA1859 // built with the peers, it returns theirs, too
    private static IScorer Create(string library, string folder, IServiceProvider services) => library switch
    {
        "NativeMlp" => new OwnScorer(services.GetRequiredKeyedService<ServedModel>("model")),
#if ONNX_PEER
        "ONNX Runtime" => new OnnxScorer(ModelFiles.Onnx(folder)),
        "ML.NET" => new MlNetScorer(ModelFiles.Onnx(folder)),
#endif
        _ => throw new ArgumentException($"{library} is not there; build with -p:OnnxPeer=true.", nameof(library)),
    };
#pragma warning restore CA1859
}
