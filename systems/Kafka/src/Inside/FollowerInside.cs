namespace Microcosm.Kafka;

/// <summary>A follower as its leader, this broker, knows it.</summary>
/// <param name="Offset">What it fetches next; -1 before its first fetch in this epoch.</param>
/// <param name="Lag">Records that it has not.</param>
/// <param name="FetchedMsAgo">Null for never.</param>
internal sealed record FollowerInside(string Partition, int Broker, long Offset, long Lag, long? FetchedMsAgo)
{
    public static IEnumerable<FollowerInside> Read(Partition partition, LeaderState leader, long nowMs) => leader.Followers.Select(
        f => new FollowerInside(partition.Name.ToString(), f.Key, f.Value.Offset, leader.EndOffset - f.Value.Offset,
            f.Value.FetchedAtMs == long.MinValue ? null : nowMs - f.Value.FetchedAtMs));
}
