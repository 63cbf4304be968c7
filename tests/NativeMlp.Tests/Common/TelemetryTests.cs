// SPDX-License-Identifier: MIT
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using NativeMlp.Data;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;
using NativeMlp.Tests.Tables;
using NativeMlp.Training;

namespace NativeMlp.Tests.Common;

/// <summary>What the library reports to those who listen.</summary>
public sealed class TelemetryTests
{
    private static readonly Dataset s_moons = Synthetic.Moons(100, seed: 1);

    [Fact]
    public void Instruments_OfTheMeter_HaveTheirNamesAndUnits()
    {
        using Listening listening = new();
        Assert.Equal(
            [("nativemlp.predict.duration", "s"), ("nativemlp.predict.rows", "{row}"), ("nativemlp.train.loss", "1"), ("nativemlp.train.steps", "{step}")],
            listening.Instruments.Select(instrument => (instrument.Name, instrument.Unit)).OrderBy(pair => pair.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void TrainStep_WithAListener_ReportsTheStepAndItsLoss()
    {
        using Mlp mlp = Make();
        using Listening listening = new();
        StepResult first = mlp.TrainStep(s_moons.AsBatch(), Optimizer.Sgd(0.1)), second = mlp.TrainStep(s_moons.AsBatch(), Optimizer.Sgd(0.1));
        Assert.Equal(2, listening.Sum(NativeMlpDiagnostics.TrainSteps));
        Assert.Equal([first.Loss, second.Loss], listening.Values(NativeMlpDiagnostics.TrainLoss));
    }

    [Fact]
    public void TrainStep_ThatChangesNothing_IsNoStep()
    {
        using Mlp mlp = Make();
        using Listening listening = new();
        float[] infinite = [float.PositiveInfinity, 0];
        Assert.False(double.IsFinite(mlp.TrainStep(Batch.FromRows(infinite, 1, [0]), Optimizer.Sgd(0.1)).Loss));
        Assert.Empty(listening.Values(NativeMlpDiagnostics.TrainSteps));
        mlp.ComputeGradients(s_moons.AsBatch());
        Assert.True(mlp.ApplyGradients(Optimizer.Sgd(0.1)));
        Assert.Equal(1, listening.Sum(NativeMlpDiagnostics.TrainSteps));
    }

    [Fact]
    public void Predict_WithAListener_ReportsEachRowOnce()
    {
        using Mlp mlp = Make();
        using TableModel model = Model();
        using Listening listening = new();
        mlp.Predict(s_moons.AsBatch());
        mlp.PredictClasses(s_moons.AsBatch(), new int[100]);
        Assert.Equal(200, listening.Sum(NativeMlpDiagnostics.PredictRows));
        model.Predict(Person.Some(1)[0].ToDictionary()); // answered by two networks
        Assert.Equal(201, listening.Sum(NativeMlpDiagnostics.PredictRows));
        model.Predict(Person.Mapping.ToTable(Person.Some(30)), threads: 1);
        Assert.Equal(231, listening.Sum(NativeMlpDiagnostics.PredictRows));
        Assert.All(listening.Values(NativeMlpDiagnostics.PredictDuration), seconds => Assert.True(seconds > 0));
        Assert.Equal(4, listening.Values(NativeMlpDiagnostics.PredictDuration).Count);
    }

    [Fact]
    public void Train_WithAListener_IsAnActivityWithItsEpochs()
    {
        using Mlp mlp = Make();
        ConcurrentQueue<Activity> ended = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == NativeMlpDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using Activity parent = new Activity("test").Start();
        Trainer.Train(mlp, s_moons, new TrainingOptions { Epochs = 3, BatchSize = 50 }, cancellationToken: TestContext.Current.CancellationToken);

        Activity run = Assert.Single(ended, activity => activity.ParentId == parent.Id);
        Assert.Equal(NativeMlpDiagnostics.TrainActivity, run.OperationName);
        Assert.Equal([1, 2, 3], run.Events.Select(e => e.Tags.Single(tag => tag.Key == "nativemlp.epoch").Value));
        Assert.Equal((6L, 3, "Completed"), (run.GetTagItem("nativemlp.steps"), run.GetTagItem("nativemlp.epochs"), run.GetTagItem("nativemlp.status")));
    }

    [Fact]
    public void StepsAndPredictions_WithoutAListener_AllocateNothing()
    {
        using Mlp mlp = Make();
        Optimizer optimizer = Optimizer.Sgd(0.1);
        float[] outputs = new float[200];
        mlp.TrainStep(s_moons.AsBatch(), optimizer);
        mlp.Predict(s_moons.AsBatch(), outputs);
        Assert.Equal(0, Allocation.Of(() =>
        {
            mlp.TrainStep(s_moons.AsBatch(), optimizer);
            mlp.Predict(s_moons.AsBatch(), outputs);
        }));
    }

    private static Mlp Make() => new(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2, MaxBatch = 100 });

    private static TableModel Model()
    {
        Table table = Person.Mapping.ToTable(Person.Some(200));
        TableSchema schema = Person.Mapping.ToSchema(TableTask.Binary, "answer");
        int[] rows = [.. Enumerable.Range(0, 200)];
        TableEncoding encoding = TableEncoding.Fit(table, schema, rows);
        return new TableModel(encoding, TableLabels.Fit(table, schema, rows),
            [.. Enumerable.Range(0, 2).Select(_ => new Mlp(new MlpOptions { Inputs = encoding.Inputs, Outputs = 2 }))]);
    }

    /// <summary>The measurements of this thread: other tests go on beside it.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private readonly MeterListener _listener = new();
        private readonly List<(string Name, double Value)> _measured = [];

        public Listening()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter != Telemetry.Meter) return; // another load context may have one of the same name
                Instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
            _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
            _listener.Start();
        }

        public List<Instrument> Instruments { get; } = [];

        public List<double> Values(string name) => [.. _measured.Where(pair => pair.Name == name).Select(pair => pair.Value)];

        public double Sum(string name) => Values(name).Sum();

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, double value)
        {
            if (Environment.CurrentManagedThreadId == _thread) _measured.Add((instrument.Name, value));
        }
    }
}
