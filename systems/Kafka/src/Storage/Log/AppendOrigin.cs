namespace Microcosm.Kafka;

/// <summary>Who appends, which says how much is checked.</summary>
internal enum AppendOrigin
{
    /// <summary>A producer: everything is checked.</summary>
    Client,

    /// <summary>A coordinator of groups or transactions: may write control records; its batches have no sequence numbers.</summary>
    Coordinator,

    /// <summary>A leader, by way of a follower's fetch: it has checked.</summary>
    Replication,
}
