// SPDX-License-Identifier: MIT
using NativeMlp.Interop;
using static System.FormattableString;

namespace NativeMlp;

/// <summary>A multilayer perceptron: a sequence of layers <c>Y = dropout(act(norm(X·W + b)))</c> and a <see cref="Loss"/>.
/// It owns native memory; dispose of it after use. A network that is not disposed of is freed by the garbage collector, which
/// is notified of its size.</summary>
/// <remarks>
/// A network allows one caller at a time, except <see cref="Predict(in Batch, Span{float}, PredictionKind, int)"/>,
/// <see cref="PredictClasses(in Batch, int)"/> and
/// <see cref="Evaluate"/>, which any number of threads may call at once. Train from one dedicated thread. For finite
/// data the results depend only on the arguments, not on processor, thread count or operating system.
/// </remarks>
public sealed partial class Mlp : IDisposable
{
    /// <summary>The class that <see cref="PredictClasses(in Batch, int)"/> returns for a row without one, because one of its scores is
    /// infinite or not a number: <c>−1</c>.</summary>
    public const int NoClass = -1;

    private readonly NetHandle _net;
    private readonly LayerShape[] _layers;

    /// <summary>Creates a network and samples its initial weights from <see cref="MlpOptions.Seed"/>.</summary>
    /// <param name="options">The options of the network.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value in <paramref name="options"/> is not allowed.</exception>
    /// <exception cref="NativeLibraryLoadException">The native library cannot be used.</exception>
    /// <exception cref="OutOfMemoryException">The network does not fit in memory.</exception>
    public Mlp(MlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _layers = options.Shapes();
        Layers = Array.AsReadOnly(_layers);
        _net = Create(options, _layers);
        Classes = (int)NativeMethods.nmlp_loss_classes((int)options.Loss, (nuint)options.Outputs);
        Initialize(options.Seed);
    }

    /// <summary>The options with which the network was created.</summary>
    public MlpOptions Options { get; }

    /// <summary>The layers, from the first to the last.</summary>
    public IReadOnlyList<LayerShape> Layers { get; }

    /// <summary>The number of features of a row.</summary>
    public int Inputs => Options.Inputs;

    /// <summary>The number of outputs of a row: a score for each class, or a value for each target.</summary>
    public int Outputs => Options.Outputs;

    /// <summary>The number of classes that the network distinguishes; labels are from 0 to one less.</summary>
    /// <remarks>The number depends on the loss. With <see cref="Loss.BinaryCrossEntropy"/>, a network with one output has two classes. With
    /// <see cref="Loss.MeanSquaredError"/> and <see cref="Loss.Huber"/>, a network with one output is a regression without classes (0).
    /// Otherwise, there are as many classes as outputs.</remarks>
    public int Classes { get; }

    /// <summary>The number of weights, biases, γ and β of all layers together.</summary>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public long ParameterCount => (long)NativeMethods.nmlp_net_parameter_count(_net.OpenFor(this));

    /// <summary>Samples the weights again. Biases, β, moments and counters become 0, and γ becomes 1.</summary>
    /// <param name="seed">The seed of the weights.</param>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    /// <exception cref="OutOfMemoryException">The weights are rounded, and there is no memory to sample them in float32.</exception>
    public void Initialize(ulong seed)
    {
        StatusCheck.ThrowIfFailed(NativeMethods.nmlp_net_initialize(_net.OpenFor(this), seed), nameof(NativeMethods.nmlp_net_initialize));
        Trained = default;
    }

    /// <summary>Takes one training step: forward pass, loss, backward pass, update. It allocates nothing.</summary>
    /// <param name="batch">1 to <see cref="MlpOptions.MaxBatch"/> rows with labels or targets.</param>
    /// <param name="optimizer">The update rule. If its <see cref="Optimizer.Kind"/> differs from that of the previous step,
    /// the moments restart from 0.</param>
    /// <returns>The loss before the update. A loss that is not finite is not an exception. It means that the loss, the gradient or a
    /// result of the update was not finite, and that the network is unchanged, including moments, counters and running statistics.
    /// <see cref="FindNonFinite(in Batch, Optimizer)"/> finds where the number first appeared.</returns>
    /// <exception cref="ArgumentException">The batch does not fit the network, or its total weight is invalid (see
    /// <see cref="Batch.Weights"/>); the network is unchanged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index, a label or a value of
    /// <paramref name="optimizer"/> is not allowed; the parameters are unchanged.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public StepResult TrainStep(in Batch batch, Optimizer optimizer)
    {
        BatchCheck.FitsLoss(batch, this, Options.MaxBatch);
        TrainStepCall call = new(optimizer.ToNative());
        int status = Invoke(batch, ref call);
        BatchCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_train_step), batch, this);
        Telemetry.Stepped(call.Result.Loss);
        return call.Result.ToStepResult(Options.Loss.Judges(batch));
    }

    /// <summary>Computes the gradients of <c>loss + l2·ΣW²</c> without an update. Read them as
    /// <see cref="TensorKind.Gradient"/>.</summary>
    /// <param name="batch">1 to <see cref="MlpOptions.MaxBatch"/> rows with labels or targets.</param>
    /// <param name="l2">The weight of the penalty, from 0 to 1e38.</param>
    /// <exception cref="ArgumentException">The batch does not fit the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index, a label or <paramref name="l2"/> is not allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public StepResult ComputeGradients(in Batch batch, double l2 = 0)
    {
        BatchCheck.FitsLoss(batch, this, Options.MaxBatch);
        Narrowed.NotNegative(l2, "", nameof(l2));
        GradientCall call = new(l2);
        int status = Invoke(batch, ref call);
        BatchCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_gradient), batch, this);
        return call.Result.ToStepResult(Options.Loss.Judges(batch));
    }

    /// <summary>Repeats a step without its update, with the dropout of the next step, and checks every number: the total weight, the
    /// forward pass, the loss and the gradient (without the penalty). Nothing is changed.</summary>
    /// <param name="batch">1 to <see cref="MlpOptions.MaxBatch"/> rows with labels or targets; their total weight may be any.</param>
    /// <returns>The first number that is not finite; null if there is none.</returns>
    /// <exception cref="ArgumentException">The batch does not fit the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index or a label is not allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public NonFinite? FindNonFinite(in Batch batch)
    {
        BatchCheck.FitsLoss(batch, this, Options.MaxBatch);
        FindNonFiniteCall call = new();
        int status = Invoke(batch, ref call);
        BatchCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_find_nonfinite), batch, this);
        return call.Fault.ToNonFinite();
    }

    /// <summary>Checks a whole training step in the same way, including the penalty and the parameters, moments and running statistics
    /// after the update. Nothing is changed.</summary>
    /// <param name="batch">1 to <see cref="MlpOptions.MaxBatch"/> rows with labels or targets; their total weight may be any.</param>
    /// <param name="optimizer">The update rule.</param>
    /// <returns>The first number that is not finite; null if there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="optimizer"/> is null.</exception>
    /// <exception cref="ArgumentException">The batch does not fit the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index, a label or a value of <paramref name="optimizer"/> is not
    /// allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public NonFinite? FindNonFinite(in Batch batch, Optimizer optimizer)
    {
        BatchCheck.FitsLoss(batch, this, Options.MaxBatch);
        FindNonFiniteUpdateCall call = new(optimizer.ToNative());
        int status = Invoke(batch, ref call);
        BatchCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_find_nonfinite_update), batch, this);
        return call.Fault.ToNonFinite();
    }

    /// <summary>Computes the loss (without l2) and the number of correct rows, without dropout and with the running statistics of batch
    /// normalisation.</summary>
    /// <remarks>If a number is not finite, the loss is not finite. This is not an exception. The row is not correct.</remarks>
    /// <param name="batch">Any number of rows, at least 1, with labels or targets.</param>
    /// <param name="threads">The maximum number of worker threads; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>.</param>
    /// <exception cref="ArgumentException">The batch does not fit the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index, a label or <paramref name="threads"/> is not allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public StepResult Evaluate(in Batch batch, int threads = 0)
    {
        BatchCheck.FitsLoss(batch, this, int.MaxValue);
        Check.Threads(threads);
        EvaluateCall call = new(threads);
        int status = Invoke(batch, ref call);
        BatchCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_evaluate), batch, this);
        return call.Result.ToStepResult(Options.Loss.Judges(batch));
    }

    /// <summary>Computes the scores or probabilities of rows.</summary>
    /// <remarks>A single row takes less time if many of its features, or of the outputs of its layers, are 0: weights that are only multiplied
    /// by 0 may not be read, and then an infinity or NaN among them has no effect.</remarks>
    /// <param name="batch">Any number of rows, at least 1; labels are not needed.</param>
    /// <param name="scores">Receives <c>[rows × outputs]</c>.</param>
    /// <param name="kind">The kind of prediction.</param>
    /// <param name="threads">The maximum number of worker threads; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>.</param>
    /// <exception cref="ArgumentException">The batch does not fit the network, or <paramref name="scores"/> is too short
    /// or overlaps the features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index, <paramref name="kind"/> or <paramref name="threads"/> is
    /// not allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public void Predict(in Batch batch, Span<float> scores, PredictionKind kind = PredictionKind.Scores, int threads = 1)
    {
        long started = Telemetry.Start();
        PredictUnreported(batch, scores, kind, threads);
        Telemetry.Predicted(batch.Rows, started);
    }

    /// <summary>Predicts for a caller that reports the rows itself.</summary>
    internal void PredictUnreported(in Batch batch, Span<float> scores, PredictionKind kind, int threads)
    {
        BatchCheck.Fits(batch, Inputs, int.MaxValue);
        scores = Check.Output(scores, batch.Rows, Outputs, ld: 0);
        Check.Disjoint(scores, batch.Floats, inputName: "batch.Features");
        Check.Threads(threads);
        if (kind is not (PredictionKind.Scores or PredictionKind.Probabilities))
            Throw.OutOfRange($"kind is {(int)kind}, which names no kind of prediction.", nameof(kind));
        PredictCall call = new(scores, Outputs, (int)kind, threads);
        int status = Invoke(batch, ref call);
        BatchCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_predict), batch, this);
    }

    /// <summary>Computes the class of each row, from 0 to <see cref="Classes"/> − 1: the class with the maximum score, the first if several are
    /// equal.
    /// With two classes and one output, it is 1 if the score is greater than 0, that is, if the probability is greater than ½.</summary>
    /// <remarks>A row with a score that is not finite has no class: <see cref="NoClass"/>. If several outputs of a
    /// <see cref="Loss.BinaryCrossEntropy"/> can be true at once, call <see cref="Predict(in Batch, Span{float}, PredictionKind, int)"/> and
    /// compare each score with 0.</remarks>
    /// <param name="batch">Any number of rows, at least 1; labels are not needed.</param>
    /// <param name="classes">Receives <c>[rows]</c>.</param>
    /// <param name="threads">The maximum number of worker threads; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>.</param>
    /// <exception cref="ArgumentException">The batch does not fit the network, or <paramref name="classes"/> has not one
    /// element for each row or overlaps the batch's indices.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index or <paramref name="threads"/> is not allowed.</exception>
    /// <exception cref="InvalidOperationException">The network is a regression, without classes, or another thread is training
    /// it.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public void PredictClasses(in Batch batch, Span<int> classes, int threads = 1)
    {
        ThrowIfRegression();
        BatchCheck.Fits(batch, Inputs, int.MaxValue);
        Check.Length(classes.Length, batch.Rows, "one class for each row of the batch", nameof(classes));
        if (classes.Overlaps(batch.Indices)) Throw.Overlap(nameof(classes), "batch.Indices");
        Check.Threads(threads);
        long started = Telemetry.Start();
        PredictClassesCall call = new(classes, threads);
        int status = Invoke(batch, ref call);
        BatchCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_predict_classes), batch, this);
        Telemetry.Predicted(batch.Rows, started);
    }

    /// <inheritdoc cref="PredictClasses(in Batch, Span{int}, int)"/>
    /// <returns><c>[rows]</c>.</returns>
    public int[] PredictClasses(in Batch batch, int threads = 1)
    {
        int[] classes = new int[batch.Rows];
        PredictClasses(batch, classes, threads);
        return classes;
    }

    /// <summary>Describes the training of the network, for the metadata of a checkpoint.</summary>
    internal TrainedWith Trained { get; set; }

    /// <summary>Returns a text such as <c>Mlp 784-256-10</c>.</summary>
    public override string ToString() => $"Mlp {string.Join('-', [Inputs, .. Options.Hidden, Outputs])}";

    /// <summary>Frees the native memory, after any call that is still running.</summary>
    public void Dispose() => _net.Dispose();

    private static NetHandle Create(MlpOptions options, LayerShape[] shapes)
    {
        int status = NetCalls.Create(options.ToNative(), Array.ConvertAll(shapes, shape => shape.ToNative()), [.. options.ClassWeights], out NetHandle net);
        ThrowIfTooLarge((NativeStatus)status, options);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_create));
        return net;
    }

    // Of checked options the library refuses only what overflows its sizes: that is too large for any memory.
    private static void ThrowIfTooLarge(NativeStatus status, MlpOptions options)
    {
        if (status is not (NativeStatus.InvalidArgument or NativeStatus.OutOfMemory)) return;
        string sizes = string.Join('-', [options.Inputs, .. options.Hidden, options.Outputs]);
        throw new InsufficientMemoryException(
            Invariant($"A network {sizes} with steps of up to {options.MaxBatch} rows does not fit in memory."));
    }

    private int Invoke<TCall>(in Batch batch, ref TCall call) where TCall : struct, IBatchCall, allows ref struct =>
        BatchCalls.Invoke(_net.OpenFor(this), batch.ToMemory(Inputs), ref call);

    private void ThrowIfRegression()
    {
        if (Classes == 0)
            throw new InvalidOperationException($"A network with one output and the loss {Options.Loss} predicts a number and has no classes: call Predict.");
    }
}
