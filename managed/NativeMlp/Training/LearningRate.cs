// SPDX-License-Identifier: MIT
using NativeMlp.State;

namespace NativeMlp.Training;

/// <summary>The state of a schedule during a run.</summary>
internal sealed class LearningRate(LearningRateSchedule schedule, double initial, long steps)
{
    private double _left = initial; // by a plateau: a running product
    private int _epochs;
    private double _best = double.PositiveInfinity;
    private int _waited;
    private double? _ofEpoch;

    /// <summary>The state of the schedule in addition to the position of the run.</summary>
    public ScheduleState State
    {
        get => new(_left, _epochs, _best, _waited);
        set
        {
            (_left, _epochs, _best, _waited) = value;
            _ofEpoch = null;
        }
    }

    /// <summary>Returns the rate of a step, numbered from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The schedule returned an invalid rate.</exception>
    public double At(long step)
    {
        double rate = _ofEpoch ?? Ask(step);
        if (!schedule.IsPerStep) _ofEpoch = rate;
        if (step < schedule.WarmUpSteps) rate = rate * (step + 1) / schedule.WarmUpSteps;
        return rate < Narrowed.Least ? 0 : rate; // a rate that has decayed to nothing
    }

    /// <summary>Notifies the schedule that an epoch has ended with this loss.</summary>
    public void EndEpoch(double loss)
    {
        _epochs++;
        _ofEpoch = null;
        if (schedule is not LearningRateSchedule.ReduceOnPlateau plateau) return;
        if (loss < _best)
        {
            (_best, _waited) = (loss, 0);
        }
        else if (++_waited > plateau.Patience)
        {
            _left *= plateau.Factor;
            _waited = 0;
        }
    }

    private double Ask(long step)
    {
        double rate = schedule.RateAt(new ScheduleStep { InitialRate = _left, Step = step, Steps = steps, Epoch = _epochs });
        if (!(rate >= 0 && double.IsFinite(rate)))
            Throw.OutOfRange($"{schedule.GetType().Name} gives the learning rate {rate} for step {step}; it must be finite and at least 0.");
        return rate;
    }
}
