// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Reference;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>
/// The toy network 4-10-3 of CS231n's notebook two_layer_net.ipynb (assignment 1, editions 2016 to 2020) and its five inputs. The
/// notebook generates them with NumPy: weights 0.1·randn from seed 0, inputs 10·randn from seed 1. These are the same
/// numbers with all digits, so that NumPy is not needed. The published results are those of the notebook.
/// </summary>
internal static class ToyProblem
{
    /// <summary>The strength of the penalty <c>reg·ΣW²</c>, in the convention without ½.</summary>
    public const double Reg = 0.05;

    /// <summary>The loss that the notebook publishes for <see cref="Reg"/>.</summary>
    public const double PublishedLoss = 1.30378789133;

    /// <summary>The published scores, with eight digits.</summary>
    public static double[,] PublishedScores { get; } =
    {
        { -0.81233741, -1.27654624, -0.70335995 },
        { -0.17129677, -1.18803311, -0.47310444 },
        { -0.51590475, -1.01354314, -0.85042150 },
        { -0.15419291, -0.48629638, -0.52901952 },
        { -0.00618733, -0.12435261, -0.15226949 },
    };

    /// <summary>The inputs, <c>[5 × 4]</c>.</summary>
    public static double[,] X { get; } =
    {
        { 16.243453636632417, -6.1175641365007536, -5.2817175226345565, -10.729686221561705 },
        { 8.654076293246785, -23.015386968802826, 17.448117642164799, -7.6120690089510283 },
        { 3.1903909605709857, -2.493703754774101, 14.621079370449742, -20.60140709497654 },
        { -3.2241720401350751, -3.8405435466841564, 11.337694423354375, -10.998912673140309 },
        { -1.7242820755043575, -8.778584179213718, 0.42213746715592831, 5.8281521371582219 },
    };

    /// <summary>The class of each input.</summary>
    public static int[] Labels { get; } = [0, 1, 2, 2, 1];

    private static readonly double[,] W1 =
    {
        {
            0.17640523459676641, 0.040015720836722335, 0.09787379841057392, 0.2240893199201458, 0.18675579901499675,
            -0.097727787987641104, 0.095008841752558942, -0.015135720829769789, -0.010321885179355785, 0.041059850193837233,
        },
        {
            0.014404357116087799, 0.1454273506962975, 0.076103772514699353, 0.012167501649282842, 0.044386323274542568,
            0.033367432737426685, 0.14940790731576062, -0.020515826376580087, 0.031306770165090141, -0.085409573930172483,
        },
        {
            -0.25529898158340786, 0.065361859544036061, 0.086443619885950576, -0.0742165020406442, 0.22697546239876076,
            -0.14543656745987649, 0.0045758517301446068, -0.018718385002583361, 0.15327792143584576, 0.1469358769900285,
        },
        {
            0.015494742569691631, 0.037816251960217359, -0.088778574763011278, -0.19807964682239271, -0.034791214932615264,
            0.015634896910398006, 0.12302906807277209, 0.12023798487844113, -0.038732681740795229, -0.030230275057533559,
        },
    };

    private static readonly double[,] W2 =
    {
        { -0.10485529650670927, -0.14200179371789753, -0.17062701906250127 },
        { 0.19507753952317897, -0.050965218175165354, -0.043807430161118641 },
        { -0.12527953600499261, 0.077749035583191017, -0.16138978475579516 },
        { -0.021274028021396871, -0.089546656119367574, 0.038690249785926202 },
        { -0.051080513756887304, -0.11806321841224121, -0.0028182228338654871 },
        { 0.042833187053041767, 0.0066517222383167887, 0.030247189773978139 },
        { -0.063432209368096362, -0.036274116598713817, -0.067246044777595104 },
        { -0.035955316154054132, -0.081314628204445405, -0.17262826023316769 },
        { 0.017742614225375285, -0.040178093620826194, -0.16301983469660447 },
        { 0.046278225552577421, -0.090729836438324218, 0.0051945395796138957 },
    };

    /// <summary>The inputs as a data set.</summary>
    public static Dataset Data { get; } = Dataset.FromFloats("toy", Floats(X), X.GetLength(1), Labels, W2.GetLength(1));

    /// <summary>The network in double precision; its biases are 0.</summary>
    public static ReferenceNetwork CreateReference()
    {
        ReferenceLayer hidden = new(W1.GetLength(0), W1.GetLength(1), Activation.Relu);
        ReferenceLayer scores = new(W2.GetLength(0), W2.GetLength(1), Activation.Identity);
        Array.Copy(W1, hidden.Weight, W1.Length);
        Array.Copy(W2, scores.Weight, W2.Length);
        return new ReferenceNetwork([hidden, scores]);
    }

    /// <summary>The network in single precision, for the native library.</summary>
    public static Mlp CreateNative(int threads)
    {
        Mlp mlp = new(new MlpOptions
        {
            Inputs = W1.GetLength(0),
            Hidden = [W1.GetLength(1)],
            Outputs = W2.GetLength(1),
            MaxBatch = Labels.Length,
            Threads = threads,
        });
        mlp.WriteWeights(0, Floats(W1));
        mlp.WriteWeights(1, Floats(W2));
        return mlp;
    }

    private static float[] Floats(double[,] matrix) => [.. matrix.Cast<double>().Select(value => (float)value)];
}
