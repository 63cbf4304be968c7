#:sdk Microsoft.NET.Sdk.Web
#:project ../managed/NativeMlp.Hosting
#:project ../managed/NativeMlp.Tabular
// SPDX-License-Identifier: MIT
// A service that predicts with a model, and can train a new one while it serves requests.
//   POST /answer    {"minutes":12,"country":"DE","member":true}  the probability that a visitor comes back
//   POST /train/7   trains with the seed 7, sends each epoch as it ends, and saves the model
// The model file is watched: a model that this program or another has saved is used from then on. Requests that have begun finish
// with the model with which they began.
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using NativeMlp.Hosting;
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServiceJson.Default));
string path = builder.Configuration["Model"] ?? "visits.safetensors";
if (!File.Exists(path)) Visits.Train(seed: 1, path);
builder.Services.AddNativeMlp("visits", options => (options.Path, options.PollInterval) = (path, TimeSpan.FromMilliseconds(50)));
builder.Services.AddSingleton(services => services.GetRequiredKeyedService<ServedModel>("visits").CreatePredictor(Visits.Mapping));
WebApplication app = builder.Build();

app.MapPost("/answer", (Visit visit, [FromKeyedServices("visits")] ServedModel model, ServedPredictor<Visit> predictor) =>
{
    Span<double> probabilities = stackalloc double[2];
    using ModelLease lease = model.Acquire(); // one version for the whole request
    predictor.For(lease.Version).Predict(visit, probabilities);
    return new Answer(probabilities[1], lease.Version.Number, lease.Version.WeightsSha256);
});

app.MapPost("/train/{seed}", (ulong seed, CancellationToken stop) => TypedResults.ServerSentEvents(Visits.TrainAsync(seed, path, stop), "epoch"));

app.Run();

/// <summary>A visit to a shop on the web.</summary>
internal sealed record Visit(double? Minutes, string? Country, bool? Member, bool Returned = false);

/// <summary>The probability that a visitor comes back, and the model that predicted it.</summary>
internal sealed record Answer(double Probability, int Version, string WeightsSha256);

[JsonSerializable(typeof(Visit))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ulong))]
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
internal sealed partial class ServiceJson : JsonSerializerContext;

internal static class Visits
{
    public static RowMapping<Visit> Mapping { get; } = new RowMapping<Visit>()
        .Number("minutes", visit => visit.Minutes)
        .Text("country", visit => visit.Country)
        .Boolean("member", visit => visit.Member)
        .Boolean("returned", visit => visit.Returned);

    public static void Train(ulong seed, string path, IProgress<TableProgress>? progress = null)
    {
        Table table = Mapping.ToTable(Some(2000));
        TableSchema schema = Mapping.ToSchema(TableTask.Binary, "returned");
        using TableTrainingResult result = TableTrainer.Train(table, schema,
            new TableTrainingOptions { Seed = seed, Networks = 1, Hidden = [32], Epochs = 10 }, progress);
        result.Model.Save(path); // replaces the old file in one operation
    }

    /// <summary>Trains on another thread and returns the epochs as they end.</summary>
    public static async IAsyncEnumerable<string> TrainAsync(ulong seed, string path, [EnumeratorCancellation] CancellationToken stop)
    {
        Channel<string> epochs = Channel.CreateUnbounded<string>();
        Task training = Task.Factory.StartNew(() =>
        {
            try
            {
                Train(seed, path, new EpochLines(epochs.Writer));
            }
            finally
            {
                epochs.Writer.Complete();
            }
        }, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await foreach (string epoch in epochs.Reader.ReadAllAsync(stop)) yield return epoch;
        await training;
        yield return "saved";
    }

    // Invented data: members return more often, and so do visitors who stayed for long. Those from AT return slightly more often.
    private static IEnumerable<Visit> Some(int count)
    {
        Random random = new(1);
        for (int i = 0; i < count; i++)
        {
            double minutes = random.NextDouble() * 40;
            string country = random.GetItems(["DE", "AT", "CH", "FR"], 1)[0];
            bool member = random.Next(3) == 0;
            double score = (minutes / 10) + (member ? 1.5 : 0) + (country == "AT" ? 0.5 : 0) - 3;
            yield return new Visit(random.Next(20) == 0 ? null : minutes, country, member, random.NextDouble() < 1 / (1 + Math.Exp(-score)));
        }
    }

    private sealed class EpochLines(ChannelWriter<string> epochs) : IProgress<TableProgress>
    {
        public void Report(TableProgress value) =>
            epochs.TryWrite($"epoch {value.Epoch.Epoch} of {value.Epochs}, loss {value.Epoch.TrainLoss:F4}");
    }
}
