#:project ../managed/NativeMlp
// SPDX-License-Identifier: MIT
// A first model: two half moons that a line cannot separate, a network that can, and its file.
using NativeMlp;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Training;

Dataset train = Synthetic.Moons(1000, seed: 1), test = Synthetic.Moons(1000, seed: 2);

using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [64], Outputs = 2, MaxBatch = 50 });
TrainingResult result = Trainer.Train(mlp, train, new TrainingOptions
{
    Epochs = 100,
    BatchSize = 50,
    Optimizer = Optimizer.Adam(1e-2),
});
Console.WriteLine(result.Message);
Console.WriteLine($"{mlp.Evaluate(test.AsBatch()).Accuracy:P1} of new points right");

Checkpoint.Save(mlp, "moons.safetensors");
using LoadedCheckpoint loaded = Checkpoint.Load("moons.safetensors");
float[] probabilities = loaded.Mlp.Predict([0.5f, 0.1f], PredictionKind.Probabilities);
Console.WriteLine($"(0.5, 0.1) belongs to moon {loaded.Mlp.PredictClass([0.5f, 0.1f])}, with the probabilities {probabilities[0]:F3} and {probabilities[1]:F3}");
