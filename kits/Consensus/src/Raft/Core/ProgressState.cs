namespace Microcosm.Consensus;

/// <summary>How a leader sends to a follower.</summary>
internal enum ProgressState : byte
{
    /// <summary>One message at a time, to find where the logs agree.</summary>
    Probe,

    /// <summary>Message after message, as far as the limits of what is under way allow.</summary>
    Replicate,

    /// <summary>A snapshot, since the entries it needs are not kept any more.</summary>
    Snapshot,
}
