// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs.Verify;

/// <summary>
/// The runs of <c>verify</c>: every optimizer, loss, norm and activation at least once, byte features, and a network whose
/// steps are long enough for several threads. A change to a run changes its hash.
/// </summary>
internal static class AgreedRuns
{
    public const int LongSteps = 100_000;

    private const int Points = 300;
    private const int Batch = 40; // the last batch of an epoch has 20 rows
    private const int Epochs = 12;
    private const int Pictures = 320;
    private const int PictureBatch = 64;
    private const int Pixels = 28 * 28;
    private const int PictureClasses = 10;
    private const int LongBatch = 15;

    private static readonly MlpOptions Plane = new() { Inputs = 2, Hidden = [24, 17], Outputs = 3, MaxBatch = Batch, Seed = 7 };

    private static readonly TrainingOptions Short = new() { Epochs = Epochs, BatchSize = Batch, Seed = 5 };

    /// <summary>The short runs, and on request the run of <see cref="LongSteps"/> steps.</summary>
    public static IReadOnlyList<AgreedRun> Create(bool withLong)
    {
        Dataset spirals = Synthetic.Spirals(Points, seed: 3);
        AgreedRun[] runs = [.. OfThePlane(spirals), OfPictures()];
        return withLong ? [.. runs, Long(spirals)] : runs;
    }

    private static AgreedRun[] OfThePlane(Dataset spirals) =>
    [
        new("sgd-relu", "c603cab67211e31da2cbdbb67f76ca5a79f25bc3b98215fb9d3025a6de19b7a6",
            spirals, Plane, Short with { Optimizer = Optimizer.Sgd(0.1) with { L2 = 1e-4 } }),
        new("momentum-batchnorm-tanh", "7676b1ad39a8244710c8004f918c521545b8c71044000e58f27e0adb4affba0f",
            spirals, Plane with { Norm = Norm.Batch, Activation = Activation.Tanh },
            Short with { Optimizer = Optimizer.SgdMomentum(0.02), Schedule = new LearningRateSchedule.Cosine(1e-4) }),
        new("nesterov-layernorm-gelu", "897288c298a589f30edc8f08632983901c4306289832ca63a9ba51b602331e66",
            spirals, Plane with { Norm = Norm.Layer, Activation = Activation.Gelu, Initialization = Initialization.GlorotUniform },
            Short with { Optimizer = Optimizer.Nesterov(0.02), Schedule = new LearningRateSchedule.OneCycle() }),
        new("adam-dropout-silu", "4ab1a83153fccdea3b1ae355f5648f99be20033e748084d31dabf8450ffcabe7",
            spirals, Plane with { Dropout = 0.3, Activation = Activation.Silu, LabelSmoothing = 0.1, ClassWeights = [0.5f, 1, 2] },
            Short with { Schedule = new LearningRateSchedule.StepDecay(4, 0.5) { WarmUpSteps = 10 }, Optimizer = Optimizer.Adam(0.01) }),
        new("adamw-maxout-hinge", "cbaee44a3daddd177d46ac0d92ddf67f53f38c1f2d67dbd89fa18e427a5e57a2",
            spirals, Plane with { Activation = Activation.Maxout, Pieces = 3, Loss = Loss.MulticlassHinge, Initialization = Initialization.HeUniform },
            Short with { Optimizer = Optimizer.AdamW(0.005) }),
        new("adagrad-elu-bce", "28d4185d740d66dd5c6b540fed2771ff53378b3cebd51217a160c5c48eba06f0",
            spirals, Plane with { Activation = Activation.Elu, Loss = Loss.BinaryCrossEntropy, ClassWeights = [2, 1, 0.75f], Initialization = Initialization.GlorotNormal },
            Short with { Optimizer = Optimizer.AdaGrad(0.05), Sampling = BatchSampling.WithReplacement }),
        new("rmsprop-softplus-mse", "47a0399fa9da9ea09ed3ad6a56207056e58ff57016da12b7e68185212d80886c",
            spirals, Plane with { Activation = Activation.Softplus, Loss = Loss.MeanSquaredError, OutputActivation = Activation.Sigmoid },
            Short with { Optimizer = Optimizer.RmsProp(0.003, momentum: 0.5), Schedule = new LearningRateSchedule.ReduceOnPlateau(0.5, 1) }),
        new("clipped-leakyrelu-huber", "37e667a243e433c82005100162ae73fdb35fe0ae25a4aacbf74e23788500d31d",
            spirals, Plane with { Activation = Activation.LeakyRelu, Loss = Loss.Huber, LossDelta = 0.5, Initialization = Initialization.Normal, InitialStdDev = 0.3 },
            Short with { Optimizer = Optimizer.Adam(0.01) with { ClipNorm = 0.5, ClipValue = 0.05, MaxNorm = 1.5 } }),
        new("mixed-layers", "c4e524535b0dbc024fba1e67ba13c92226c5094c3090a023bce29aa9e6ed269a",
            spirals, Plane with
            {
                Layers =
                [
                    new() { Activation = Activation.Sigmoid, Norm = Norm.Batch },
                    new() { Activation = Activation.GeluTanh, Norm = Norm.Layer, Dropout = 0.2 },
                    new() { Activation = Activation.Identity },
                ],
            },
            Short with { Optimizer = Optimizer.SgdMomentum(0.05, 0.8), Sampling = BatchSampling.InOrder }),
    ];

    private static AgreedRun OfPictures() => new("pictures", "fabe88fdaad8275db06790b5276cb2178aa385b9214281d4e265507de3422d45",
        Noise(), new MlpOptions { Inputs = Pixels, Hidden = [96], Outputs = PictureClasses, MaxBatch = PictureBatch },
        new TrainingOptions { Epochs = 1, BatchSize = PictureBatch, Optimizer = Optimizer.SgdMomentum(0.05) });

    private static AgreedRun Long(Dataset spirals) => new("long", "997e758feb5269262baad0da537a5c9fb4092b6810740111e45623f7591efa6e",
        spirals, Plane with { Hidden = [9], MaxBatch = LongBatch },
        new TrainingOptions { Epochs = LongSteps / (Points / LongBatch), BatchSize = LongBatch, Optimizer = Optimizer.Adam(0.003) });

    /// <summary>Images of random bytes, three quarters of which are 0. The mean is subtracted, and the result is divided by 255.</summary>
    private static Dataset Noise()
    {
        float[] uniform = new float[Pictures * Pixels];
        Kernels.RandomUniform(seed: 9, stream: 0, uniform, -3 * 255, 255);
        byte[] pixels = Array.ConvertAll(uniform, value => (byte)Math.Max(value, 0));
        int[] labels = [.. Enumerable.Range(0, Pictures).Select(row => row % PictureClasses)];
        Dataset bytes = Dataset.FromBytes("pictures", pixels, Pixels, labels, PictureClasses);
        return bytes.WithNormalization(bytes.ComputeMean(), bytes.Scale);
    }
}
