// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>
/// Generates points in the plane, in classes that a straight line cannot separate well: problems that need a hidden layer.
/// A data set depends only on the arguments and has the same bits on every processor and system.
/// </summary>
public static class Synthetic
{
    // Streams of the seed, so that the numbers below are independent of one another.
    private const ulong PositionStream = 1UL << 33;
    private const ulong NoiseStream = PositionStream + 1;

    /// <summary>Two classes: the sign of x·y on [−1, 1]², then noise on the points.</summary>
    /// <param name="count">Number of points.</param>
    /// <param name="seed">The seed of the points.</param>
    /// <param name="noise">Standard deviation of the noise.</param>
    /// <returns>The data set, <c>[count × 2]</c>.</returns>
    public static Dataset Xor(int count, ulong seed, float noise = 0.05f)
    {
        float[] points = Uniform(count, seed, -1, 1);
        var labels = new int[count];
        for (int i = 0; i < count; i++)
            labels[i] = (points[2 * i] > 0) != (points[(2 * i) + 1] > 0) ? 1 : 0;

        return Noisy("xor", points, labels, 2, noise, seed);
    }

    /// <summary>Two classes: a circle of radius 1 and one of radius <paramref name="factor"/>, then noise.</summary>
    /// <param name="count">The number of points. The classes alternate.</param>
    /// <param name="seed">The seed of the points.</param>
    /// <param name="factor">Radius of the inner circle.</param>
    /// <param name="noise">Standard deviation of the noise.</param>
    /// <returns>The data set, <c>[count × 2]</c>.</returns>
    public static Dataset Circles(int count, ulong seed, float factor = 0.5f, float noise = 0.1f)
    {
        float[] u = Uniform(count, seed, 0, 2);
        float[] points = OnCircle(count, u);
        int[] labels = InTurns(count, 2);
        for (int i = 0; i < count; i++)
        {
            if (labels[i] == 1)
            {
                points[2 * i] *= factor;
                points[(2 * i) + 1] *= factor;
            }
        }

        return Noisy("circles", points, labels, 2, noise, seed);
    }

    /// <summary>Two classes: two interleaving half circles, then noise.</summary>
    /// <param name="count">The number of points. The classes alternate.</param>
    /// <param name="seed">The seed of the points.</param>
    /// <param name="noise">Standard deviation of the noise.</param>
    /// <returns>The data set, <c>[count × 2]</c>.</returns>
    public static Dataset Moons(int count, ulong seed, float noise = 0.2f)
    {
        float[] u = Uniform(count, seed, 0, 1);
        float[] points = OnCircle(count, u);
        int[] labels = InTurns(count, 2);
        for (int i = 0; i < count; i++)
        {
            if (labels[i] == 1)
            {
                points[2 * i] = 1 - points[2 * i];
                points[(2 * i) + 1] = 0.5f - points[(2 * i) + 1];
            }
        }

        return Noisy("moons", points, labels, 2, noise, seed);
    }

    /// <summary>
    /// Spiral arms from the middle outwards, a class each: radius r uniform on [0, 1], angle
    /// <c>4·(arm + r) + noise·N(0, 1)</c> radians, x = r·sin, y = r·cos.
    /// </summary>
    /// <param name="count">The number of points. The arms alternate.</param>
    /// <param name="seed">The seed of the points.</param>
    /// <param name="arms">Number of arms, and of classes.</param>
    /// <param name="noise">Standard deviation of the angle's noise.</param>
    /// <returns>The data set, <c>[count × 2]</c>.</returns>
    public static Dataset Spirals(int count, ulong seed, int arms = 3, float noise = 0.2f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 1);
        float[] radius = Uniform(count, seed, 0, 1);
        var angle = new float[count];
        Kernels.RandomNormal(seed, NoiseStream, angle, 0, noise);
        int[] labels = InTurns(count, arms);
        const float perPi = 0.31830987f; // 1/π: the kernel takes multiples of π
        for (int i = 0; i < count; i++)
        {
            float turned = 4 * (labels[i] + radius[2 * i]);
            angle[i] = (turned + angle[i]) * perPi;
        }

        var sine = new float[count];
        var cosine = new float[count];
        Kernels.SinCosPi(angle, sine, cosine);
        var points = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            points[2 * i] = radius[2 * i] * sine[i];
            points[(2 * i) + 1] = radius[2 * i] * cosine[i];
        }

        return Dataset.FromFloats("spirals", points, 2, labels, arms);
    }

    // Two numbers per point. A circle uses only the first.
    private static float[] Uniform(int count, ulong seed, float low, float high)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var numbers = new float[2 * count];
        Kernels.RandomUniform(seed, PositionStream, numbers, low, high);
        return numbers;
    }

    private static float[] OnCircle(int count, float[] u)
    {
        var angle = new float[count];
        for (int i = 0; i < count; i++)
            angle[i] = u[2 * i];

        var sine = new float[count];
        var cosine = new float[count];
        Kernels.SinCosPi(angle, sine, cosine);
        var points = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            points[2 * i] = cosine[i];
            points[(2 * i) + 1] = sine[i];
        }

        return points;
    }

    private static int[] InTurns(int count, int classes)
    {
        var labels = new int[count];
        for (int i = 0; i < count; i++)
            labels[i] = i % classes;

        return labels;
    }

    private static Dataset Noisy(string name, float[] points, int[] labels, int classes, float noise, ulong seed)
    {
        var offsets = new float[points.Length];
        Kernels.RandomNormal(seed, NoiseStream, offsets, 0, noise);
        for (int i = 0; i < points.Length; i++)
            points[i] += offsets[i];

        return Dataset.FromFloats(name, points, 2, labels, classes);
    }
}
