// SPDX-License-Identifier: MIT
using NativeMlp.State;

namespace NativeMlp.Training;

/// <summary>A schedule on its way through a run.</summary>
internal sealed class LearningRate(LearningRateSchedule schedule, double initial, long steps)
{
    private readonly double _start = initial;
    private const double StartDivisor = 25; // PyTorch's div_factor and final_div_factor
    private const double FinalDivisor = 1e4;

    private double _decayed = initial; // a running product
    private int _epochs;
    private double _best = double.PositiveInfinity;
    private int _waited;

    /// <summary>What it remembers beside the position of the run.</summary>
    public ScheduleState State
    {
        get => new(_decayed, _epochs, _best, _waited);
        set => (_decayed, _epochs, _best, _waited) = value;
    }

    /// <summary>The rate of a step, counted from 0.</summary>
    public double At(long step)
    {
        double rate = schedule switch
        {
            LearningRateSchedule.Cosine cosine => Anneal(_start, cosine.Final, steps, step),
            LearningRateSchedule.OneCycle cycle => AtOfCycle(cycle.Rising, step),
            _ => _decayed,
        };
        if (step < schedule.WarmUpSteps) rate = rate * (step + 1) / schedule.WarmUpSteps;
        return rate < Narrowed.Least ? 0 : rate; // a rate that has decayed to nothing
    }

    /// <summary>An epoch has ended with this loss.</summary>
    public void EndEpoch(double loss)
    {
        _epochs++;
        if (schedule is LearningRateSchedule.StepDecay every && _epochs % every.Epochs == 0) _decayed *= every.Factor;
        if (schedule is not LearningRateSchedule.ReduceOnPlateau plateau) return;
        if (loss < _best)
        {
            (_best, _waited) = (loss, 0);
        }
        else if (++_waited > plateau.Patience)
        {
            _decayed *= plateau.Factor;
            _waited = 0;
        }
    }

    private double AtOfCycle(double rising, long step)
    {
        double first = _start / StartDivisor, top = (rising * steps) - 1, last = steps - 1;
        return step <= top ? Anneal(first, _start, top, step) : Anneal(_start, first / FinalDivisor, last - top, step - top);
    }

    // From one rate to another along half a cosine.
    private static double Anneal(double from, double to, double length, double at)
    {
        Span<float> angle = [length <= 0 ? 1 : (float)Math.Min(at / length, 1)], sine = [0], cosine = [0];
        Kernels.SinCosPi(angle, sine, cosine);
        return to + ((from - to) * (1 + (double)cosine[0]) / 2);
    }
}
