#:project ../managed/NativeMlp.Onnx
#:package Microsoft.ML.OnnxRuntime@1.31.1
// SPDX-License-Identifier: MIT
// Writes a network to an ONNX file and gets the same results from ONNX Runtime. The download of ONNX Runtime is 160 MB.
using Microsoft.ML.OnnxRuntime;
using NativeMlp;
using NativeMlp.Data;
using NativeMlp.Onnx;
using NativeMlp.Training;

Dataset train = Synthetic.Moons(1000, seed: 1), test = Synthetic.Moons(100, seed: 2);
using Mlp mlp = new(new MlpOptions { Inputs = 2, Hidden = [64], Outputs = 2, MaxBatch = 50 });
Trainer.Train(mlp, train, new TrainingOptions { Epochs = 50, BatchSize = 50, Optimizer = Optimizer.Adam(1e-2) });
OnnxExport.Save(mlp, "moons.onnx");

using InferenceSession session = new("moons.onnx");
using OrtValue input = OrtValue.CreateTensorValueFromMemory(test.Values.ToArray(), [test.Count, test.Features]);
using RunOptions run = new();
using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["input"], [input], ["probabilities"]);
ReadOnlySpan<float> theirs = outputs[0].GetTensorDataAsSpan<float>();

float[] ours = mlp.PredictProbabilities(test.AsBatch());
float greatest = 0;
for (int i = 0; i < ours.Length; i++) greatest = Math.Max(greatest, Math.Abs(ours[i] - theirs[i]));
Console.WriteLine($"{test.Count} rows, greatest difference of a probability {greatest:E1}");

// The other direction: loads a dense network from an ONNX file of any program.
using ImportedNetwork imported = OnnxImport.Load("moons.onnx");
Console.WriteLine($"imported {imported.Network}: class {imported.Network.PredictClass(test.Values[..2])} for the first row");
