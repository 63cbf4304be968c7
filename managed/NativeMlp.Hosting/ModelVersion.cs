// SPDX-License-Identifier: MIT
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Hosting;

/// <summary>A model as one file held it. It is there for as long as it answers, and after that for as long as a
/// <see cref="ModelLease"/> of it is held.</summary>
public sealed class ModelVersion
{
    private readonly IDisposable _owned;
    private int _users = 1; // as the version that answers

    internal ModelVersion(int number, string path, TableModel table)
        : this(number, path, table, Checkpoint.WeightsSha256(table.Networks)) => Table = table;

    internal ModelVersion(int number, string path, LoadedCheckpoint checkpoint)
        : this(number, path, checkpoint, Checkpoint.WeightsSha256(checkpoint.Mlp)) => (Network, Info) = (checkpoint.Mlp, checkpoint.Info);

    private ModelVersion(int number, string path, IDisposable owned, string sha256) =>
        (Number, Path, _owned, WeightsSha256) = (number, path, owned, sha256);

    /// <summary>1 for the file that was there at the start, 2 for the next one, and so on.</summary>
    public int Number { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The SHA-256 of its weights, as <see cref="Checkpoint.WeightsSha256(Mlp)"/> computes it.</summary>
    public string WeightsSha256 { get; }

    /// <summary>The model, if it is one of a table; otherwise null.</summary>
    public TableModel? Table { get; }

    /// <summary>The network, if the file is a checkpoint; otherwise null. It takes features from which
    /// <see cref="CheckpointInfo.Mean"/> has been subtracted and which have been multiplied by <see cref="CheckpointInfo.Scale"/>:
    /// <see cref="Predict"/> does both.</summary>
    public Mlp? Network { get; }

    /// <summary>What a checkpoint says beside its network; null for a model of a table.</summary>
    public CheckpointInfo? Info { get; }

    /// <summary>Answers for rows of features as the network was trained on, before they were normalised.</summary>
    /// <param name="features"><c>[rows × inputs]</c>.</param>
    /// <param name="outputs">Receives <c>[rows × outputs]</c>.</param>
    /// <param name="kind">What it receives.</param>
    /// <exception cref="ArgumentException">A length does not fit the network.</exception>
    /// <exception cref="InvalidOperationException">It is a model of a table.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> outputs, PredictionKind kind = PredictionKind.Probabilities)
    {
        Mlp network = TheNetwork;
        int rows = features.Length / network.Inputs;
        if (features.IsEmpty || features.Length % network.Inputs != 0)
            throw new ArgumentException($"There are {features.Length} features; there must be {network.Inputs} for each row.", nameof(features));
        if (outputs.Length != (long)rows * network.Outputs)
            throw new ArgumentException($"There is room for {outputs.Length} outputs; {rows} rows have {(long)rows * network.Outputs}.", nameof(outputs));
        network.Predict(Batch.FromRows(features, rows, network.Inputs) with { Mean = Info!.Mean, Scale = Info.Scale }, outputs, kind);
    }

    internal TableModel TheTable => Table ?? throw new InvalidOperationException(
        $"The model {Printable.Path(Path)} is a network without a table's columns: it predicts from spans of floats.");

    internal Mlp TheNetwork => Network ?? throw new InvalidOperationException(
        $"The model {Printable.Path(Path)} is one of a table: it predicts from rows of its columns, not from floats.");

    /// <summary>Keeps the version from being disposed of; false if that has happened.</summary>
    internal bool TryAddUser()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users) return true;
            users = seen;
        }

        return false;
    }

    /// <summary>Takes back <see cref="TryAddUser"/>; the last one disposes.</summary>
    internal void RemoveUser()
    {
        if (Interlocked.Decrement(ref _users) == 0) _owned.Dispose();
    }
}
