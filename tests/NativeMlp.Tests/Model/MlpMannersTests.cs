// SPDX-License-Identifier: MIT
using System.Reflection;
using System.Runtime.CompilerServices;
using NativeMlp.Data;
using NativeMlp.Interop;
using NativeMlp.Reference;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests;

/// <summary>How the interface behaves beside its arithmetic.</summary>
public sealed class MlpMannersTests
{
    private static readonly MlpOptions Small = new() { Inputs = 3, Hidden = [4], Outputs = 2, MaxBatch = 4 };

    [Fact]
    public void AnyCall_OnADisposedNetwork_NamesTheNetwork()
    {
        Mlp mlp = new(Small);
        mlp.Dispose();
        mlp.Dispose();
        float[] x = new float[3], w = new float[12];
        Action[] calls =
        [
            () => mlp.Initialize(1),
            () => _ = mlp.ParameterCount,
            () => mlp.TrainStep(Batch.FromRows(x, 1, [0]), Optimizer.Adam()),
            () => mlp.ComputeGradients(Batch.FromRows(x, 1, [0])),
            () => mlp.FindNonFinite(Batch.FromRows(x, 1, [0])),
            () => mlp.Evaluate(Batch.FromRows(x, 1, [0])),
            () => mlp.Predict(Batch.FromRows(x, 1), new float[2]),
            () => mlp.Predict(x),
            () => mlp.PredictClasses(Batch.FromRows(x, 1)),
            () => mlp.ReadWeights(0, w),
            () => mlp.WriteWeights(0, w),
            () => _ = mlp.OptimizerState,
            () => mlp.OptimizerState = default,
            () => Checkpoint.WeightsSha256(mlp),
        ];
        Assert.All(calls, call => Assert.Equal(typeof(Mlp).FullName, Assert.Throws<ObjectDisposedException>(call).ObjectName));
    }

    [Fact]
    public void Predict_ThatGivesAnArray_IsThePredictionIntoASpan()
    {
        using Mlp mlp = new(Small);
        float[] x = TestData.Normal(1, 15), scores = new float[10], probabilities = new float[10];
        int[] classes = new int[5];
        mlp.Predict(Batch.FromRows(x, 5), scores);
        mlp.Predict(Batch.FromRows(x, 5), probabilities, PredictionKind.Probabilities);
        mlp.PredictClasses(Batch.FromRows(x, 5), classes);
        Assert.Equal(scores, mlp.Predict(Batch.FromRows(x, 5)));
        Assert.Equal(probabilities, mlp.PredictProbabilities(Batch.FromRows(x, 5)));
        Assert.Equal(scores[2..4], mlp.Predict(x.AsSpan(3, 3)));
        Assert.Equal(probabilities[2..4], mlp.Predict(x.AsSpan(3, 3), PredictionKind.Probabilities));
        Assert.Equal(classes, Enumerable.Range(0, 5).Select(row => mlp.PredictClass(x.AsSpan(3 * row, 3))));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Predict_OfARowOfAnotherWidth_NamesBoth(int width)
    {
        using Mlp mlp = new(Small);
        string message = Assert.Throws<ArgumentException>(() => mlp.Predict(new float[width])).Message;
        Assert.Contains($"row has {width} elements; it needs 3", message, StringComparison.Ordinal);
    }

    /// <summary>Every member by its name, and lists by what they contain.</summary>
    [Fact]
    public void ToString_OfRecordsWithLists_ShowsThem()
    {
        using Mlp mlp = new(Small);
        object[] records =
        [
            Small with { ClassWeights = [1, 0.5f], Layers = [new LayerOptions(), new LayerOptions()] },
            new CheckpointInfo { Mean = new float[1000], DataSet = "moons" },
            new LoadedCheckpoint(mlp, new CheckpointInfo()),
            new CsvTable(["a", "b"], 2, new float[] { 1, 2 }),
            new IdxArray([2, 3], new byte[6]),
            SafeTensor.FromFloats([1, 2], 2),
            new TrainingResult(TrainingStatus.Completed, [], 1, TimeSpan.Zero, "Done."),
            new ReferenceTargets([1, 2], new double[1, 2]),
            new ReferenceGradient(new double[2, 3], [1], [2], [3]),
        ];
        foreach (object record in records)
        {
            string text = record.ToString()!;
            Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("NativeMlp.", text, StringComparison.Ordinal);
            Assert.InRange(text.Length, 1, 1500);
            foreach (PropertyInfo member in record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                Assert.Contains($"{member.Name} = ", text, StringComparison.Ordinal);
        }

        Assert.Contains("Hidden = [4],", Small.ToString(), StringComparison.Ordinal);
        Assert.Contains("Mean = [0, 0, 0, 0, 0, 0, 0, 0, … 1000 in all]", records[1].ToString(), StringComparison.Ordinal);
        Assert.Equal("Mlp 3-4-2", mlp.ToString());
    }

    [Fact]
    public void MemoryBytes_OfANetwork_CountParametersAndPredictions()
    {
        using Mlp mlp = new(Small with { Hidden = [300] });
        NetHandle handle = Handle(mlp);
        long made = (long)NativeMethods.nmlp_net_memory_bytes(handle);
        Assert.True(made > 4 * sizeof(float) * mlp.ParameterCount); // with gradient and two moments
        mlp.Predict(new float[3]);
        long predicted = (long)NativeMethods.nmlp_net_memory_bytes(handle);
        Assert.True(predicted >= made + (3L * 64 * 300 * sizeof(float))); // three areas of 64 rows
        mlp.Predict(new float[3]);
        Assert.Equal(predicted, (long)NativeMethods.nmlp_net_memory_bytes(handle));
    }

    /// <summary>Each has 6.5 MB that the collector would not see by itself: it must find most of them before the last.</summary>
    [Fact]
    public void Networks_ThatNobodyDisposes_AreCollected()
    {
        List<WeakReference> made = [];
        for (int i = 0; i < 200; i++) made.Add(MakeAndForget());
        Assert.InRange(made.Count(network => network.IsAlive), 0, 150);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeAndForget() =>
        new(new Mlp(new MlpOptions { Inputs = 784, Hidden = [512], Outputs = 10, MaxBatch = 1 }));

    private static NetHandle Handle(Mlp mlp) =>
        (NetHandle)typeof(Mlp).GetField("_net", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(mlp)!;
}
