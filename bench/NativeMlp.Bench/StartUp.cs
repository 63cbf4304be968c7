// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench;

/// <summary>What a child process does whose whole life is timed.</summary>
internal static class StartUp
{
    /// <summary>Nothing.</summary>
    public const string Empty = "empty";

    /// <summary>Makes network B and takes one training step.</summary>
    public const string FirstStep = "first-step";

    /// <summary>The runner, compiled ahead of time, trains xor.</summary>
    public const string AheadOfTime = "ahead-of-time";

    private const int Rows = 128;
    private const int Inputs = 784;

    public static int RunFirstStep()
    {
        using Mlp mlp = new(new MlpOptions { Inputs = Inputs, Hidden = [256, 128], Outputs = 10, MaxBatch = Rows });
        float[] x = new float[Rows * Inputs];
        Array.Fill(x, 0.5f);
        StepResult result = mlp.TrainStep(Batch.FromRows(x, Rows, new int[Rows]), Optimizer.SgdMomentum(1e-3));
        return double.IsFinite(result.Loss) ? 0 : 1;
    }
}
