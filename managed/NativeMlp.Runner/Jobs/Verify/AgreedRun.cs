// SPDX-License-Identifier: MIT
using System.Security.Cryptography;
using System.Text;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs.Verify;

/// <summary>A training run whose weights are the same bytes on every machine.</summary>
/// <param name="Name">The name of the run in the output.</param>
/// <param name="WeightsSha256">The expected value of <see cref="Checkpoint.WeightsSha256"/> after the run.</param>
/// <param name="Data">Generates the training rows.</param>
/// <param name="Network">The options of the network. The number of threads is set later.</param>
/// <param name="Training">The options of the training.</param>
internal sealed record AgreedRun(string Name, string WeightsSha256, Dataset Data, MlpOptions Network, TrainingOptions Training)
{
    /// <summary>Trains the network and returns the SHA-256 of its weights.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped before its end.</exception>
    public string Train(int threads, CancellationToken stop)
    {
        using Mlp mlp = new(Network with { Threads = threads });
        Trainer.Train(mlp, Data, Training, cancellationToken: stop);
        stop.ThrowIfCancellationRequested();
        return Checkpoint.WeightsSha256(mlp);
    }

    /// <summary>One hash for several runs: the SHA-256 of their hexadecimal hashes, one after another.</summary>
    public static string Combine(IEnumerable<string> hashes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(hashes))));
}
