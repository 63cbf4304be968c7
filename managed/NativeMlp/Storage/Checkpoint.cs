// SPDX-License-Identifier: MIT
using System.Security.Cryptography;
using NativeMlp.Data;
using NativeMlp.Training;

namespace NativeMlp.Storage;

/// <summary>
/// Models as safetensors files. The weights are the tensors <c>layers.N.weight</c>
/// <c>[inputs × outputs]</c> (metadata <c>layout=in,out</c>; of a maxout <c>[inputs × pieces·outputs]</c>, piece after
/// piece) and <c>layers.N.bias</c>; the optimizer's moments stand beside them as <c>optimizer.first.…</c>,
/// <c>optimizer.second.…</c> and <c>optimizer.third.…</c>.
/// </summary>
/// <remarks>
/// A file holds the state of the network and of its optimizer: the parameters, the running statistics of batch
/// normalisation, the moments, the number of steps and the running powers. The next <see cref="Mlp.TrainStep"/> on a
/// loaded model therefore gives the same bits as without the pause. A file does not hold the state of a run:
/// <see cref="Trainer"/> begins the schedule, the order of the rows and the count of epochs anew. (A
/// <see cref="TrainingStateFile"/> holds them, for a <see cref="TrainingSession"/> to go on from.) Training in two parts
/// with a checkpoint between them gives the same bits as training in one part only with
/// <see cref="LearningRateSchedule.Constant"/> without a warm-up, <see cref="BatchSampling.InOrder"/> and the same
/// optimizer, batch size and data, each part being whole epochs.
/// </remarks>
public static class Checkpoint
{
    /// <summary>Saves a model. An existing file is replaced as a whole or not at all.</summary>
    /// <remarks>The new file has the permissions of the one it replaces. Of a symbolic link the link is replaced, not the file that it
    /// points to. Temporary files that were left in the folder by interrupted writers are removed.</remarks>
    /// <param name="mlp">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="info">What to store besides the parameters.</param>
    /// <exception cref="ArgumentException">The mean of <paramref name="info"/> does not have one element for each input.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public static void Save(Mlp mlp, string path, CheckpointInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        ArgumentNullException.ThrowIfNull(path);
        info = (info ?? new CheckpointInfo()).Completed(mlp.Trained);
        if (info.Mean.Length != mlp.Inputs && info.Mean.Length != 0)
            Throw.WrongLength(info.Mean.Length, mlp.Inputs, "one for each input of the network", "info.Mean");
        OptimizerState optimizer = mlp.OptimizerState;
        List<WrittenTensor> tensors = [];
        foreach ((TensorKind kind, string prefix) in CheckpointTensors.Kinds(optimizer, mlp.Holds(TensorKind.ThirdMoment)))
        {
            foreach ((int layer, LayerTensor which) in CheckpointTensors.Of(mlp, kind))
            {
                tensors.Add(WrittenTensor.Floats(prefix + CheckpointTensors.Name(layer, which), CheckpointTensors.Shape(mlp, layer, which),
                    () => CheckpointTensors.Read(mlp, kind, layer, which)));
            }
        }

        if (mlp.Options.ClassWeights.Count > 0)
            tensors.Add(WrittenTensor.Floats(CheckpointTensors.ClassWeights, [mlp.Outputs], () => [.. mlp.Options.ClassWeights]));
        if (info.Mean.Length > 0)
            tensors.Add(WrittenTensor.Floats(CheckpointTensors.Mean, [info.Mean.Length], () => info.Mean));
        SafeTensorsWriter.Write(path, tensors, CheckpointDescription.Of(mlp, info, optimizer));
    }

    /// <summary>Loads a model that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBatch">Most rows of a training step of the loaded model; 0 for what it was made with, or fewer if
    /// steps of so many rows could need more than 1 GiB of memory: a file can name any number.</param>
    /// <param name="threads">The maximum number of worker threads of the loaded model; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>.</param>
    /// <returns>The model, to be disposed by the caller.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">It is damaged, or is not a checkpoint of this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBatch"/> or <paramref name="threads"/> is not
    /// allowed.</exception>
    /// <exception cref="OutOfMemoryException">The network does not fit in memory with steps of that many rows.</exception>
    public static LoadedCheckpoint Load(string path, int maxBatch = 0, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        Check.Size(maxBatch);
        using SafeTensorsSource file = new(path);
        file.ThrowIfContentChanged();
        CheckpointReader reader = new(path, file);
        MlpOptions options = reader.Options(maxBatch, threads);
        CheckpointInfo info = reader.Info(options.Inputs);
        Mlp mlp = new(options) { Trained = new TrainedWith(info.Seed, info.Epochs) };
        try
        {
            OptimizerState optimizer = reader.OptimizerState();
            foreach ((TensorKind kind, string prefix) in CheckpointTensors.Kinds(optimizer, reader.HasThirdMoments))
                reader.ReadInto(mlp, kind, prefix, transposed: false);

            mlp.OptimizerState = optimizer;
            return new LoadedCheckpoint(mlp, info);
        }
        catch
        {
            mlp.Dispose();
            throw;
        }
    }

    /// <summary>Reads the weights of any safetensors file that has the tensor names of this library into a model.</summary>
    /// <param name="mlp">The model; unchanged if anything is refused.</param>
    /// <param name="path">The file.</param>
    /// <param name="layout">How its weights are laid out; needed where the file itself does not say, and never against
    /// what it says.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">It is damaged, silent about its layout, or of another layout or shape.</exception>
    public static void LoadWeights(Mlp mlp, string path, WeightLayout? layout = null)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        ArgumentNullException.ThrowIfNull(path);
        using SafeTensorsSource file = new(path);
        CheckpointReader reader = new(path, file);
        bool transposed = reader.Layout(layout) == WeightLayout.OutputsByInputs;
        reader.ReadInto(mlp, TensorKind.Parameter, "", transposed);
    }

    /// <summary>Computes a fingerprint of the parameters.</summary>
    /// <param name="mlp">The model.</param>
    /// <returns>SHA-256 over the little-endian float32 parameters, layer by layer, weight then bias, and
    /// with a norm γ, β and running statistics; lower-case hex.</returns>
    public static string WeightsSha256(Mlp mlp) => WeightsSha256([mlp]);

    /// <summary>Computes a fingerprint of the parameters of several networks, one after the other.</summary>
    /// <param name="networks">The networks, such as those of an ensemble.</param>
    /// <returns>SHA-256, as for one network.</returns>
    public static string WeightsSha256(IReadOnlyList<Mlp> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Mlp mlp in networks)
        {
            ArgumentNullException.ThrowIfNull(mlp, nameof(networks));
            foreach ((int layer, LayerTensor which) in CheckpointTensors.Of(mlp, TensorKind.Parameter))
                FloatBytes.Pour(CheckpointTensors.Read(mlp, TensorKind.Parameter, layer, which), hash.AppendData);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
