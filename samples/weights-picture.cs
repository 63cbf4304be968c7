#:project ../managed/NativeMlp
// SPDX-License-Identifier: MIT
// Shows the weights of a network without hidden layers as pictures: dotnet run weights-picture.cs -- digits.csv
// The file has a column for each pixel of a square picture, and the digit in the last column. The weights of a digit, one per pixel,
// form a picture: white where ink is evidence for the digit, black where ink is evidence against it.
using NativeMlp;
using NativeMlp.Data;
using NativeMlp.Training;

if (args is not [string path])
{
    Console.Error.WriteLine("usage: dotnet run weights-picture.cs -- FILE");
    return 2;
}

Dataset digits = CsvReader.ReadDataset("digits", path);
int side = (int)Math.Sqrt(digits.Features);
float[] mean = digits.ComputeMean();
(Dataset train, Dataset test) = digits.WithNormalization(mean, 1f / 16).Split(0.2, seed: 1);

using Mlp mlp = new(new MlpOptions { Inputs = digits.Features, Hidden = [], Outputs = digits.Classes, MaxBatch = 32 });
Trainer.Train(mlp, train, new TrainingOptions { Epochs = 30, BatchSize = 32, Optimizer = Optimizer.Adam(3e-3) with { L2 = 1e-3 } });
Console.WriteLine($"{mlp.Evaluate(test.AsBatch()).Accuracy:P1} of the test pictures right");

float[] weights = new float[digits.Features * digits.Classes];
mlp.ReadWeights(0, weights); // [inputs × outputs]
WritePicture("weights.pgm", weights, side, digits.Classes);
Console.WriteLine("wrote weights.pgm");
return 0;

// Writes the digits next to each other as a portable graymap. Each pixel is 16 × 16 dots, with a gap between the digits.
static void WritePicture(string path, float[] weights, int side, int classes)
{
    const int Dots = 16;
    int tile = (side + 1) * Dots, width = tile * classes, height = side * Dots;
    float greatest = weights.Max(Math.Abs);
    using FileStream file = File.Create(path);
    file.Write(System.Text.Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n"));
    for (int y = 0; y < height; y++)
    {
        for (int x = 0; x < width; x++)
        {
            int column = x % tile / Dots, digit = x / tile;
            float weight = column == side ? 0 : weights[(((y / Dots * side) + column) * classes) + digit];
            file.WriteByte((byte)(127.5f + (127.5f * weight / greatest)));
        }
    }
}
