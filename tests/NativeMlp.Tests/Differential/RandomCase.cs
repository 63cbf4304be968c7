// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Tests.Differential;

/// <summary>A network, an optimizer and data, all drawn from a seed and a number.</summary>
internal sealed class RandomCase
{
    // Around a vector's, a tile's and a slice's edges, and what no power of two is near.
    private static readonly int[] Widths = [1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 48, 57, 58, 59, 60, 61, 62, 63, 64, 65, 100, 113, 127, 129];
    private static readonly int[] Batches = [1, 2, 3, 5, 6, 7, 13, 14, 16, 31, 32, 50];
    private const long GreatestWork = 500_000; // multiplications of a forward pass: the reference is slow

    private readonly Random _random;

    public RandomCase(int seed, int number)
    {
        (Seed, Number) = (seed, number);
        _random = new Random(unchecked((seed * 1_000_003) + number));
        Network = DrawNetwork();
        Optimizer = WithOptions(DrawOptimizer());
        Steps = 2 + _random.Next(3);
        OddRows = Math.Max(FewestRows, Network.MaxBatch - 1 - _random.Next(Math.Max(1, Network.MaxBatch / 2)));
        Data = new RandomData(this, _random);
    }

    public int Seed { get; }

    public int Number { get; }

    public MlpOptions Network { get; }

    public Optimizer Optimizer { get; }

    public RandomData Data { get; }

    public int Steps { get; }

    /// <summary>Rows of the last batch, as the end of an epoch leaves them.</summary>
    public int OddRows { get; }

    /// <summary>A batch norm over one row has nothing to compare it with.</summary>
    public int FewestRows => Network.Layers.Any(layer => layer.Norm == Norm.Batch) ? 2 : 1;

    /// <summary>All settings, and the environment in which the test makes this case alone.</summary>
    public override string ToString()
    {
        MlpOptions n = Network;
        string layers = string.Concat(n.Layers.Select((layer, l) => $"\n  layer {l}: {(l < n.Hidden.Count ? n.Hidden[l] : n.Outputs)} outputs, {layer}"));
        string weights = n.ClassWeights.Count == 0 ? "no" : string.Join(' ', n.ClassWeights.Select(weight => weight.ToString("R", CultureInfo.InvariantCulture)));
        return $"""
            {DifferentialTests.SeedVariable}={Seed} {DifferentialTests.CaseVariable}={Number}
              {n.Inputs} inputs, batches of {n.MaxBatch}, {n.Threads} threads, seed {n.Seed}, norm epsilon {n.NormEpsilon}, momentum {n.NormMomentum}{layers}
              {n.Loss}, delta {n.LossDelta:R}, label smoothing {n.LabelSmoothing:R}, {weights} class weights
              {Optimizer}
              {Steps} steps, the last of {OddRows} rows; {Data}
            """;
    }

    // Every kind in its turn, in an order of its own for each round: none is met less often than another.
    private T InTurn<T>() where T : struct, Enum
    {
        T[] kinds = Enum.GetValues<T>();
        new Random(unchecked((Seed * 31) + (Number / kinds.Length * 7919) + typeof(T).Name.Sum(letter => letter))).Shuffle(kinds);
        return kinds[Number % kinds.Length];
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Any<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    private double Between(double low, double high) => low + ((high - low) * _random.NextDouble());

    private MlpOptions DrawNetwork()
    {
        Loss loss = InTurn<Loss>();
        bool classes = loss is Loss.SoftmaxCrossEntropy or Loss.MulticlassHinge;
        int depth = _random.Next(5), batch = Any(Batches), inputs = Any(Widths);
        int[] hidden = [.. Enumerable.Range(0, depth).Select(_ => Any(Widths))];
        int outputs = Any(Widths);
        outputs = classes ? Math.Max(outputs, 2) : outputs;
        LayerOptions[] layers = [.. Enumerable.Range(0, depth + 1).Select(l => DrawLayer(l, depth))];
        batch = layers.Any(layer => layer.Norm == Norm.Batch) ? Math.Max(batch, 2) : batch;
        while (Work(inputs, hidden, outputs, layers) * batch > GreatestWork && batch > 2) batch /= 2;
        bool weighted = loss is Loss.SoftmaxCrossEntropy or Loss.BinaryCrossEntropy && Chance(0.4);
        return new MlpOptions
        {
            Inputs = inputs,
            Hidden = hidden,
            Outputs = outputs,
            Layers = layers,
            NormEpsilon = Any([1e-5, 1e-3, 0.1]),
            NormMomentum = Any([0.1, 0.5, 1.0]),
            Loss = loss,
            LossDelta = Between(0.2, 2),
            ClassWeights = weighted ? [.. Enumerable.Range(0, outputs).Select(_ => (float)Between(0.2, 3))] : [],
            LabelSmoothing = loss == Loss.SoftmaxCrossEntropy && Chance(0.4) ? Between(0.01, 0.5) : 0,
            MaxBatch = batch,
            Threads = 1 + _random.Next(3),
            Seed = (ulong)_random.NextInt64(1, long.MaxValue),
        };
    }

    private LayerOptions DrawLayer(int layer, int depth)
    {
        bool last = layer == depth, first = layer == 0;
        return new LayerOptions
        {
            Activation = first ? InTurn<Activation>() : last && Chance(0.6) ? Activation.Identity : Any(Enum.GetValues<Activation>()),
            ActivationAlpha = Chance(0.5) ? Between(0.01, 1.5) : null,
            Pieces = 2 + _random.Next(3),
            Norm = first ? InTurn<Norm>() : Any(Enum.GetValues<Norm>()),
            Dropout = Chance(0.35) ? Any([0.1, 0.5, 0.8]) : 0,
            Initialization = first ? InTurn<Initialization>() : Any(Enum.GetValues<Initialization>()),
            InitialStdDev = Between(0.05, 0.5),
        };
    }

    private static long Work(int inputs, int[] hidden, int outputs, LayerOptions[] layers)
    {
        long work = 0;
        for (int l = 0; l < layers.Length; l++)
        {
            int width = (l < hidden.Length ? hidden[l] : outputs) * (layers[l].Activation == Activation.Maxout ? layers[l].Pieces : 1);
            work += (long)(l == 0 ? inputs : hidden[l - 1]) * width;
        }

        return work;
    }

    // From a source of its own: what was drawn before these options existed stays.
    private Optimizer WithOptions(Optimizer optimizer)
    {
        var random = new Random(unchecked((Seed * 7_368_787) + Number));
        bool Half() => random.Next(2) == 0;
        return optimizer with
        {
            AmsGrad = Half(),
            Centered = Half(),
            Dampening = Half() ? 0 : random.NextDouble(),
            InitialAccumulator = Half() ? 0 : random.NextDouble(),
        };
    }

    private Optimizer DrawOptimizer() => new()
    {
        Kind = InTurn<OptimizerKind>(),
        LearningRate = Math.Pow(10, Between(-4, -1)),
        L2 = Chance(0.5) ? Math.Pow(10, Between(-5, -1)) : 0,
        Momentum = Any([0, 0.5, 0.9, 0.99]),
        Beta1 = Any([0, 0.5, 0.9]),
        Beta2 = Any([0.9, 0.99, 0.999]),
        Epsilon = Any([1e-10, 1e-8, 1e-6, 1e-3]),
        Rho = Any([0.9, 0.99]),
        WeightDecay = Any([0, 0.01, 0.3]),
        ClipValue = Chance(0.25) ? Math.Pow(10, Between(-3, 0)) : 0,
        ClipNorm = Chance(0.25) ? Math.Pow(10, Between(-2, 1)) : 0,
        MaxNorm = Chance(0.25) ? Between(0.3, 3) : 0,
    };
}
