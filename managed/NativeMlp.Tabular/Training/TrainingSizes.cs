// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Training;

/// <summary>What the preset <c>table</c> chooses by the number of training rows.</summary>
internal sealed record TrainingSizes(IReadOnlyList<int> Hidden, int BatchSize, int Epochs)
{
    private const int FewRows = 1000;
    private const int ManyRows = 8192;
    private const int Steps = 1500;

    /// <summary>Networks of a model: several where a single one would leave much to chance and takes little time.</summary>
    public static int Networks(int rows, TableTrainingOptions options) => options.Networks ?? (rows < 2 * FewRows ? 5 : 1);

    public static TrainingSizes For(int rows, TableTrainingOptions options)
    {
        int batch = options.BatchSize ?? Math.Min(rows, rows >= ManyRows ? 256 : rows >= FewRows ? 64 : 32);
        if (batch > rows)
            Throw.Argument($"A step takes {batch} rows, but there are only {rows} training rows: choose a smaller batch, or leave its size to the preset.");
        int epochs = options.Epochs ?? Math.Clamp((int)Math.Ceiling((double)Steps * batch / rows), 12, 100);
        return new TrainingSizes(HiddenFor(rows, options), batch, epochs);
    }

    /// <summary>The hidden layers, never narrower with more rows.</summary>
    public static IReadOnlyList<int> HiddenFor(int rows, TableTrainingOptions options) => options.Hidden ?? (rows < FewRows ? [128, 64] : [256, 128]);
}
