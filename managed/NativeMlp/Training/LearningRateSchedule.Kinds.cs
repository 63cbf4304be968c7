// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

public abstract partial record LearningRateSchedule
{
    /// <summary>A constant learning rate.</summary>
    public sealed record Constant : LearningRateSchedule
    {
        private protected override bool ChangesWithinEpoch => false;

        /// <inheritdoc/>
        public override double RateAt(in ScheduleStep at) => at.InitialRate;
    }

    /// <summary>A rate that is multiplied by <paramref name="Factor"/> after every <paramref name="Epochs"/> epochs.</summary>
    /// <param name="Epochs">The number of epochs between two changes, at least 1; 1 is the exponential schedule.</param>
    /// <param name="Factor">The factor, finite and greater than 0.</param>
    public sealed record StepDecay(int Epochs, double Factor) : LearningRateSchedule
    {
        private protected override bool ChangesWithinEpoch => false;

        /// <inheritdoc/>
        public override double RateAt(in ScheduleStep at)
        {
            double rate = at.InitialRate;
            for (long passed = Epochs; passed <= at.Epoch; passed += Epochs) rate *= Factor;
            return rate;
        }

        /// <inheritdoc/>
        public override void Validate()
        {
            base.Validate();
            Require(Epochs >= 1, nameof(Epochs), Epochs, "at least 1");
            Require(Factor > 0 && double.IsFinite(Factor), nameof(Factor), Factor, "finite and greater than 0");
        }
    }

    /// <summary>A rate that follows a cosine: <c>final + (rate − final)·(1 + cos(π·step/steps))/2</c>.</summary>
    /// <param name="Final">The final rate, finite and at least 0.</param>
    public sealed record Cosine(double Final = 0) : LearningRateSchedule
    {
        /// <inheritdoc/>
        public override double RateAt(in ScheduleStep at) => Anneal(at.InitialRate, Final, at.Steps, at.Step);

        /// <inheritdoc/>
        public override void Validate()
        {
            base.Validate();
            Require(Final >= 0 && double.IsFinite(Final), nameof(Final), Final, "finite and at least 0");
        }
    }

    /// <summary>PyTorch's one-cycle schedule: from <c>rate/25</c> up to the rate and then down to <c>rate/250000</c>, both along a cosine.</summary>
    /// <param name="Rising">The fraction of all steps in which the rate increases, greater than 0 and less than 1.</param>
    public sealed record OneCycle(double Rising = 0.3) : LearningRateSchedule
    {
        private const double StartDivisor = 25; // PyTorch's div_factor and final_div_factor
        private const double FinalDivisor = 1e4;

        /// <inheritdoc/>
        public override double RateAt(in ScheduleStep at)
        {
            double first = at.InitialRate / StartDivisor, top = (Rising * at.Steps) - 1, last = at.Steps - 1;
            return at.Step <= top
                ? Anneal(first, at.InitialRate, top, at.Step)
                : Anneal(at.InitialRate, first / FinalDivisor, last - top, at.Step - top);
        }

        /// <inheritdoc/>
        public override void Validate()
        {
            base.Validate();
            Require(Rising > 0 && Rising < 1, nameof(Rising), Rising, "greater than 0 and less than 1");
        }
    }

    /// <summary>A rate that is multiplied by <paramref name="Factor"/> when the validation loss (or the training loss, if there are no
    /// validation rows) has not decreased for more than <paramref name="Patience"/> epochs.</summary>
    /// <param name="Factor">The factor, greater than 0 and less than 1.</param>
    /// <param name="Patience">The number of epochs to wait, at least 0.</param>
    public sealed record ReduceOnPlateau(double Factor = 0.1, int Patience = 10) : LearningRateSchedule
    {
        private protected override bool ChangesWithinEpoch => false;

        /// <inheritdoc/>
        /// <remarks>Returns the initial rate. During a run, this is the rate after all reductions so far.</remarks>
        public override double RateAt(in ScheduleStep at) => at.InitialRate;

        /// <inheritdoc/>
        public override void Validate()
        {
            base.Validate();
            Require(Factor > 0 && Factor < 1, nameof(Factor), Factor, "greater than 0 and less than 1");
            Require(Patience >= 0, nameof(Patience), Patience, "at least 0");
        }
    }

    // From one rate to another along half a cosine.
    private static double Anneal(double from, double to, double length, double at)
    {
        Span<float> angle = [length <= 0 ? 1 : (float)Math.Min(at / length, 1)], sine = [0], cosine = [0];
        Kernels.SinCosPi(angle, sine, cosine);
        return to + ((from - to) * (1 + (double)cosine[0]) / 2);
    }
}
