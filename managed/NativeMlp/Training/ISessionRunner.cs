// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>Takes the steps of training sessions that somebody else has prepared: from a saved state, with checkpoints, with
/// reports.</summary>
internal interface ISessionRunner
{
    /// <summary>Takes all steps of a session and ends it. Called from several threads at once where several networks
    /// train.</summary>
    /// <param name="session">The session, before its first step.</param>
    /// <param name="network">Which of the networks it trains, from 0.</param>
    /// <param name="networks">How many there are.</param>
    /// <param name="cancellationToken">Stops after the current step.</param>
    TrainingResult Run(TrainingSession session, int network, int networks, CancellationToken cancellationToken);
}
