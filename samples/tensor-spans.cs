#:project ../managed/NativeMlp
#:package System.Numerics.Tensors@11.0.0
// SPDX-License-Identifier: MIT
// Uses the memory of a Tensor<float> as input and output of a network, without a copy. The rows of a dense tensor are adjacent in
// memory, and a batch can refer to them.
using System.Numerics.Tensors;
using NativeMlp;

const int Rows = 128, Inputs = 4, Outputs = 2;
using Mlp mlp = new(new MlpOptions { Inputs = Inputs, Hidden = [32], Outputs = Outputs, MaxBatch = Rows, Loss = Loss.MeanSquaredError });

Tensor<float> features = Tensor.CreateFromShape<float>([Rows, Inputs]), targets = Tensor.CreateFromShape<float>([Rows, Outputs]);
Span<float> x = features.GetSpan([0, 0], Rows * Inputs), y = targets.GetSpan([0, 0], Rows * Outputs);
Kernels.RandomNormal(1, 0, x);
for (int row = 0; row < Rows; row++)
    (y[row * Outputs], y[(row * Outputs) + 1]) = (x[row * Inputs] + x[(row * Inputs) + 1], x[(row * Inputs) + 2] * x[(row * Inputs) + 3]);

StepResult step = default;
for (int i = 0; i < 2000; i++)
    step = mlp.TrainStep(Batch.FromRows(x, Rows) with { Targets = y }, Optimizer.Adam(1e-2));
Console.WriteLine($"loss {step.Loss:F5} after 2000 steps");

// Writes predictions directly to the memory of another tensor. Part of the rows is part of the span.
Tensor<float> answers = Tensor.CreateFromShape<float>([Rows, Outputs]);
mlp.Predict(Batch.FromRows(x, Rows), answers.GetSpan([0, 0], Rows * Outputs));
Console.WriteLine($"greatest difference {Tensor.Max<float>(Tensor.Abs<float>(Tensor.Subtract<float>(answers, targets))):F3}");

long before = GC.GetAllocatedBytesForCurrentThread();
mlp.Predict(Batch.FromRows(features.GetSpan([16, 0], 8 * Inputs), 8), answers.GetSpan([16, 0], 8 * Outputs));
Console.WriteLine($"{GC.GetAllocatedBytesForCurrentThread() - before} bytes allocated for eight rows");
