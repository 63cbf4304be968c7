// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>Runs the steps of prepared training sessions, for example from a saved state, with checkpoints or with
/// reports.</summary>
internal interface ISessionRunner
{
    /// <summary>Runs all steps of a session and ends it. Several threads call this method at the same time if several networks
    /// are trained.</summary>
    /// <param name="session">The session, before its first step.</param>
    /// <param name="network">The index of the network that it trains.</param>
    /// <param name="networks">The number of networks.</param>
    /// <param name="cancellationToken">Stops after the current step.</param>
    TrainingResult Run(TrainingSession session, int network, int networks, CancellationToken cancellationToken);
}
