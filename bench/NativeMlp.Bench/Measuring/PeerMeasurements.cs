// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Measuring;

/// <summary>All that is measured of a peer, with a number of threads.</summary>
internal sealed class PeerMeasurements(IPeer peer, Team team, Effort effort, Sampler sampler, Action<Row> print)
{
    private const int EpochRows = 60_000;
    private const int StepsForAllocation = 1000;

    private readonly int _threads = team.Threads;
    private bool _prepared;

    public static IReadOnlyList<(Network Network, int Rows)> PredictCases { get; } =
        [(Network.B, 1), (Network.Picture, 1), (Network.C, 1), (Network.B, 1024), (Network.C, 1024)];

    public static IReadOnlyList<Network> AdamNetworks { get; } = [Network.B, Network.C];

    public void Run()
    {
        if (peer is NativeMlpPeer many && _threads > 1) Callers(many); // the first: threads inherit the cores of who starts them
        if (peer is IStepPeer steps) Steps(steps);
        if (peer is IPredictPeer predict) Predictions(predict);
        if (peer is IGemmPeer gemm) Products(gemm);
        if (peer is IDataSetPeer data) DataSets(data);
        if (peer is NativeMlpPeer own && _threads == 1) Interop(own);
    }

    /// <summary>What instruction sets are compared by.</summary>
    public void RunForInstructionSet()
    {
        NativeMlpPeer own = (NativeMlpPeer)peer;
        foreach (Network network in InstructionSets.Networks) Step(own, network, OptimizerKind.Momentum);
        foreach (GemmCase product in GemmCase.Large) Product(own, product);
    }

    private void Callers(NativeMlpPeer own)
    {
        CallersMeasurement callers = new(own, _threads);
        foreach (Network network in CallersMeasurement.Networks)
        {
            (double inTurn, double atOnce) = callers.Run(network);
            print(new Row(Sections.Callers, Sections.InTurn(network.Name), inTurn));
            print(new Row(Sections.Callers, Sections.AtOnce(network.Name), atOnce));
        }
    }

    private void Steps(IStepPeer steps)
    {
        foreach (Network network in Network.All) Step(steps, network, OptimizerKind.Momentum);
        foreach (Network network in AdamNetworks) Step(steps, network, OptimizerKind.Adam);
    }

    private void Step(IStepPeer steps, Network network, OptimizerKind kind) =>
        Measure(Sections.Step, Sections.Optimizer(network.Name, kind), () => steps.Step(network, kind, _threads));

    private void Predictions(IPredictPeer predict)
    {
        foreach ((Network network, int rows) in PredictCases)
            Measure(Sections.Predict, Sections.Rows(network.Name, rows), () => predict.Predict(network, rows, _threads));
    }

    private void Products(IGemmPeer gemm)
    {
        foreach (GemmCase product in GemmCase.All) Product(gemm, product);
    }

    private void Product(IGemmPeer gemm, GemmCase product) =>
        Measure(Sections.Gemm, product.Name, () => gemm.Gemm(new GemmOperands(product), _threads));

    private void DataSets(IDataSetPeer peer)
    {
        DataSet b = new(EpochRows, Network.B.Inputs, Network.B.Outputs);
        Gathered(peer, Network.B, b);
        Measure(Sections.Data, Sections.Epoch, () => peer.Epoch(Network.B, b, _threads));
        if (peer is NativeMlpPeer)
            Gathered(peer, Network.A, new DataSet(effort.DataSetRowsA, Network.A.Inputs, Network.A.Outputs));
    }

    private void Gathered(IDataSetPeer peer, Network network, DataSet data)
    {
        foreach (bool bytes in new[] { true, false })
            Measure(Sections.Data, Sections.Gathered(network.Name, bytes), () => peer.GatheredStep(network, data, bytes, _threads));
    }

    private void Interop(NativeMlpPeer own)
    {
        float[] one = [1];
        Calls(Sections.BarePInvoke, () => NativeCalls.AbiVersions());
        Calls(Sections.Property, () => NativeCalls.AbiProperties());
        Calls(Sections.SmallKernel, () => NativeCalls.SmallKernels(one));
        using Work step = own.Step(Network.E, OptimizerKind.Momentum, _threads);
        step.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < StepsForAllocation; i++) step.Run();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        print(new Row(Sections.Interop, Sections.BytesPerStep, (double)bytes / StepsForAllocation));
    }

    private void Calls(string name, Action calls)
    {
        Timing timing = sampler.MeasureLong(calls);
        print(new Row(Sections.Interop, name, timing.Seconds / NativeCalls.Calls, timing.Disturbed));
    }

    private void Prepare(Work work)
    {
        if (_prepared && work.Check is null) return;
        work.Run();
        work.Check?.Invoke();
        // Not before the peer has started its threads: see Team.
        if (!_prepared && (_threads == 1 || !peer.UsesThreadPool)) team.PinCaller();
        _prepared = true;
    }

    // A case that fails is a row with the reason; the others go on.
    private void Measure(string section, string name, Func<Work?> create)
    {
        try
        {
            using Work? work = create();
            if (work is null) return;
            Prepare(work);
            Timing timing = section == Sections.Gemm ? sampler.MeasureShort(work.Run) : sampler.MeasureLong(work.Run);
            print(new Row(section, name, timing.Seconds, timing.Disturbed));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            print(new Row(section, name, double.NaN, Error: PeerMissingException.Reason(e)));
        }
    }
}
