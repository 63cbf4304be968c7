// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Storage;

/// <summary>Creates the metadata of a checkpoint, which <see cref="CheckpointMetadata"/> reads.</summary>
internal static class CheckpointDescription
{
    public const string Format = "nativemlp";
    public const string Version = "2";
    public const string FirstVersion = "1"; // one activation for all hidden layers, and no other options of layers
    public const string Layout = "in,out";
    public const string Precision = "precision"; // of the weights; not stated if it is float32

    public static Dictionary<string, string> Of(Mlp mlp, CheckpointInfo info, OptimizerState optimizer)
    {
        MlpOptions options = mlp.Options;
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = Version,
            [ContentHash.Name] = ContentHash.Blank,
            ["layout"] = Layout,
            ["inputs"] = Text(options.Inputs),
            ["hidden"] = string.Join(',', options.Hidden.Select(width => Text(width))),
            ["outputs"] = Text(options.Outputs),
            ["activations"] = PerLayer(mlp, layer => layer.Activation.ToString()),
            ["pieces"] = PerLayer(mlp, layer => Text(layer.Pieces)),
            ["alphas"] = PerLayer(mlp, layer => Text(layer.ActivationAlpha)),
            ["norms"] = PerLayer(mlp, layer => layer.Norm.ToString()),
            ["norm_epsilon"] = Text(options.NormEpsilon),
            ["norm_momentum"] = Text(options.NormMomentum),
            ["dropouts"] = PerLayer(mlp, layer => Text(layer.Dropout)),
            ["dropout_seed"] = Text(options.Seed),
            ["loss"] = options.Loss.ToString(),
            ["label_smoothing"] = Text(options.LabelSmoothing),
            ["loss_delta"] = Text(options.LossDelta),
            ["max_batch"] = Text(options.MaxBatch),
            ["dataset"] = info.DataSet,
            ["scale"] = info.Scale.ToString("R", CultureInfo.InvariantCulture),
            ["seed"] = Text(info.Seed),
            ["epochs"] = Text(info.Epochs),
            ["optimizer"] = optimizer.Kind.ToString(),
            ["steps"] = Text(optimizer.Steps),
            ["beta1_power"] = optimizer.Beta1Power.ToString("R", CultureInfo.InvariantCulture),
            ["beta2_power"] = optimizer.Beta2Power.ToString("R", CultureInfo.InvariantCulture),
        };
        if (mlp.Precision != NativeMlp.Precision.Float32) metadata[Precision] = mlp.Precision.ToString();
        if (info.PixelOrder != PixelOrder.Unstated) metadata["pixel_order"] = info.PixelOrder.ToString();
        return metadata;
    }

    private static string PerLayer(Mlp mlp, Func<LayerShape, string> text) => string.Join(',', mlp.Layers.Select(text));

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
