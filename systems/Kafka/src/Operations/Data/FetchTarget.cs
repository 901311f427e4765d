namespace Microcosm.Kafka;

/// <summary>A partition that a fetch asks for.</summary>
/// <param name="Partition">Null where <paramref name="Error"/> says why.</param>
internal sealed record FetchTarget(FetchedPartition Fetched, Partition? Partition, KafkaError Error)
{
    /// <summary>What is wanted of it; in a session as it was said last.</summary>
    public FetchRequest.FetchPartition Wanted => Fetched.Request;
}
