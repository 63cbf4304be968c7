// SPDX-License-Identifier: MIT
using System.Security.Cryptography;
using NativeMlp.Data;
using NativeMlp.Training;

namespace NativeMlp.Storage;

/// <summary>
/// Models as safetensors files. The weights are the tensors <c>layers.N.weight</c>
/// <c>[inputs × outputs]</c> (metadata <c>layout=in,out</c>; for maxout <c>[inputs × pieces·outputs]</c>, piece by
/// piece) and <c>layers.N.bias</c>. The optimizer's moments are the tensors <c>optimizer.first.…</c>,
/// <c>optimizer.second.…</c> and <c>optimizer.third.…</c>.
/// </summary>
/// <remarks>
/// A file contains the state of the network and of its optimizer: the parameters, the running statistics of batch
/// normalisation, the moments, the number of steps and the running powers. Therefore the next <see cref="Mlp.TrainStep"/> on a
/// loaded model computes the same bits as without saving and loading. A file does not contain the state of a run:
/// <see cref="Trainer"/> restarts the schedule, the order of the rows and the count of epochs. (A
/// <see cref="TrainingStateFile"/> contains them, and a <see cref="TrainingSession"/> can continue from it.) Training in two parts
/// with a checkpoint between them computes the same bits as training in one part only with
/// <see cref="LearningRateSchedule.Constant"/> without a warm-up, <see cref="BatchSampling.InOrder"/> and the same
/// optimizer, batch size and data, if each part consists of whole epochs.
/// </remarks>
public static class Checkpoint
{
    /// <summary>Saves a model. An existing file is replaced atomically.</summary>
    /// <remarks>The new file has the permissions of the replaced one. A symbolic link is replaced itself, not the file that it
    /// points to. Temporary files that were left in the folder by interrupted writers are removed.</remarks>
    /// <param name="mlp">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="info">What to store besides the parameters.</param>
    /// <exception cref="ArgumentException">The mean of <paramref name="info"/> does not have one element for each input.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
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
                tensors.Add(CheckpointTensors.Written(mlp, kind, prefix, layer, which));
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
    /// <param name="maxBatch">The maximum number of rows of a training step of the loaded model. 0 means the number in the file, or fewer if
    /// such steps could need more than 1 GiB of memory, because a file can contain any number.</param>
    /// <param name="threads">The maximum number of worker threads of the loaded model; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>.</param>
    /// <returns>The model, which the caller must dispose of.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is damaged, or is not a checkpoint of this library.</exception>
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
            return new LoadedCheckpoint(reader.Narrowed(mlp), info);
        }
        catch
        {
            mlp.Dispose();
            throw;
        }
    }

    /// <summary>Reads the weights of any safetensors file with the tensor names of this library into a model.</summary>
    /// <param name="mlp">The model. It does not change if the file is refused.</param>
    /// <param name="path">The file.</param>
    /// <param name="layout">The layout of the weights. It is required if the file does not contain it, and must not contradict
    /// the file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is damaged, does not contain its layout, or has another layout or shape.</exception>
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
