// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Workloads;

/// <summary>A network and the batch that it is trained with: ReLU between its layers, softmax cross-entropy at the end.</summary>
/// <param name="Name">One letter, and what is special about its rows.</param>
/// <param name="Sizes">Features, outputs of the hidden layers, classes.</param>
/// <param name="Batch">Rows of a training step.</param>
internal sealed record Network(string Name, int[] Sizes, int Batch)
{
    public static Network A { get; } = new("A", [3072, 50, 10], 200);
    public static Network B { get; } = new("B", [784, 256, 128, 10], 128);
    public static Network C { get; } = new("C", [3072, 1024, 512, 10], 256);
    public static Network D { get; } = new("D", [784, 32, 10], 32);
    public static Network E { get; } = new("E", [20, 64, 64, 3], 64);

    /// <summary>Rows like the pictures of MNIST, of whose points 81 % are 0.</summary>
    public static Network Picture { get; } = B with { Name = "B picture", ZeroInputs = 0.8f };

    public static IReadOnlyList<Network> All { get; } = [A, B, C, D, E];

    public static Network Named(string name) => All.Single(network => network.Name == name);

    /// <summary>The share of its features that are 0.</summary>
    public float ZeroInputs { get; init; }

    public int Inputs => Sizes[0];

    public int Outputs => Sizes[^1];

    public int[] Hidden => Sizes[1..^1];

    public string Shape => string.Join('-', Sizes);

    public long Parameters => Layers.Sum(layer => (long)layer.Inputs * layer.Outputs + layer.Outputs);

    /// <summary>The matrix products of a step: forward and dW of each layer, and dX of each but the first.</summary>
    public double StepFlops =>
        Layers.Select((layer, index) => (index == 0 ? 2 : 3) * 2.0 * Batch * layer.Inputs * layer.Outputs).Sum();

    /// <summary>One pass of momentum: weight, velocity and gradient are read, weight and velocity written.</summary>
    public double UpdateBytes => 20.0 * Parameters;

    public double PredictFlops(int rows) => Layers.Sum(layer => 2.0 * rows * layer.Inputs * layer.Outputs);

    public IEnumerable<(int Inputs, int Outputs)> Layers => Sizes.Zip(Sizes.Skip(1));
}
