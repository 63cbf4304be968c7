#:project ../managed/NativeMlp
// SPDX-License-Identifier: MIT
// Three ways to control a training run: your own schedule, the epochs as a stream, and every step by hand.
using NativeMlp;
using NativeMlp.Data;
using NativeMlp.Training;

Dataset train = Synthetic.Spirals(900, seed: 1), test = Synthetic.Spirals(900, seed: 2);
MlpOptions network = new() { Inputs = 2, Hidden = [64, 64], Outputs = 3, MaxBatch = 45 };

// The epochs one by one. Between two epochs, your code may use the network.
using (Mlp mlp = new(network))
{
    TrainingOptions options = new() { Epochs = 200, BatchSize = 45, Optimizer = Optimizer.Adam(5e-3), Schedule = new Halving(Epochs: 40) };
    TrainingEpochs epochs = Trainer.TrainEpochsAsync(mlp, train, options, validation: test);
    await foreach (EpochReport epoch in epochs)
    {
        Console.WriteLine($"epoch {epoch.Epoch,3}: loss {epoch.TrainLoss:F4}, rate {epoch.LearningRate:G3}, {epoch.ValidationAccuracy:P1} of the test points");
        if (epoch.ValidationAccuracy > 0.97) break; // leaving the loop ends the run
    }

    Console.WriteLine(epochs.Result!.Message);
}

// Every step by hand: batches in any order, any memory, any number of steps.
using (Mlp mlp = new(network))
{
    int[] order = new int[train.Count];
    double loss = 0;
    for (int epoch = 0; epoch < 60; epoch++)
    {
        Kernels.RandomPermutation(1, (ulong)epoch, order);
        Optimizer optimizer = Optimizer.Adam(epoch < 40 ? 5e-3 : 1e-3);
        foreach (int[] rows in order.Chunk(network.MaxBatch))
            loss = mlp.TrainStep(train.AsBatch(rows), optimizer).Loss;
    }

    Console.WriteLine($"by hand: loss {loss:F4}, {mlp.Evaluate(test.AsBatch()).Accuracy:P1} of the test points");
}

/// <summary>Halves the rate each time after this many epochs.</summary>
internal sealed record Halving(int Epochs) : LearningRateSchedule
{
    public override double RateAt(in ScheduleStep at)
    {
        double rate = at.InitialRate;
        for (int halved = at.Epoch / Epochs; halved > 0; halved--) rate /= 2;
        return rate;
    }
}
