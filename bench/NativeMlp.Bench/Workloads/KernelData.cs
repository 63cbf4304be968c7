// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Workloads;

/// <summary>A layer's arrays.</summary>
internal sealed class DenseData(int rows, int inputs, int outputs)
{
    public float[] X { get; } = RandomData.Floats(rows * inputs, seed: 1);

    public float[] W { get; } = RandomData.Floats(inputs * outputs, seed: 2);

    public float[] Bias { get; } = RandomData.Floats(outputs, seed: 3);

    public float[] Y { get; } = new float[rows * outputs];
}

/// <summary>The arrays of an update by gradient descent with momentum.</summary>
internal sealed class UpdateData(int length)
{
    public const float Momentum = 0.9f;
    public const float LearningRate = 1e-4f;

    public float[] Weights { get; } = RandomData.Floats(length, seed: 1);

    public float[] Gradient { get; } = RandomData.Floats(length, seed: 2);

    public float[] Velocity { get; } = new float[length];
}
