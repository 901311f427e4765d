namespace Microcosm.Consensus;

/// <summary>A group did not carry out a command, or a read, as far as this member knows.</summary>
public sealed class ConsensusException(ConsensusFailure reason, string message, bool isOutcomeUnknown = false) : Exception(message)
{
    /// <summary>Why.</summary>
    public ConsensusFailure Reason { get; } = reason;

    /// <summary>True if the command may have been carried out, or may be later. False: it was not and never will be.</summary>
    public bool IsOutcomeUnknown { get; } = isOutcomeUnknown;
}
