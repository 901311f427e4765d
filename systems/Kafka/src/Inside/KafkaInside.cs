namespace Microcosm.Kafka;

/// <summary>A broker as the Inside page shows it: its part in the quorum, its replicas with their logs and followers, the groups that it
/// coordinates. A copy, taken in one turn.</summary>
internal sealed record KafkaInside
{
    // A page is for reading.
    private const int RowsMax = 200;

    public required int Broker { get; init; }

    public required long Epoch { get; init; }

    public required bool IsFenced { get; init; }

    /// <summary>Who leads the quorum of the metadata, 0 for none known; its term, and how many commands are applied here.</summary>
    public required long Controller { get; init; }

    public required long ControllerTerm { get; init; }

    public required long MetadataOffset { get; init; }

    public required int Connections { get; init; }

    public required IReadOnlyList<PartitionInside> Partitions { get; init; }

    /// <summary>Of replicas whose logs are open.</summary>
    public required IReadOnlyList<LogInside> Logs { get; init; }

    /// <summary>Of partitions that this broker leads.</summary>
    public required IReadOnlyList<FollowerInside> Followers { get; init; }

    public required IReadOnlyList<GroupInside> Groups { get; init; }

    /// <summary>On the node's executor.</summary>
    public static KafkaInside Read(KafkaBroker broker)
    {
        var groups = new List<GroupInside>();
        var replicas = broker.Replicas.All.OrderBy(p => p.Name.Topic, StringComparer.Ordinal).ThenBy(p => p.Name.Partition)
            .Take(RowsMax).ToList();
        foreach (var slot in broker.Groups.Slots)
        {
            slot.Run((shard, _) => groups.AddRange(shard.List().Groups.Select(g => new GroupInside(
                g.GroupId, g.Type, g.State, g.ProtocolName, [.. g.Members.Select(m => $"{m.MemberId} {m.ClientHost}")]))));
        }
        return new KafkaInside
        {
            Broker = broker.Id,
            Epoch = broker.Epoch,
            IsFenced = !broker.Lifecycle.IsUnfenced,
            Controller = broker.Raft.Leader,
            ControllerTerm = broker.Raft.Term,
            MetadataOffset = broker.Metadata.AppliedIndex,
            Connections = broker.Connections.Count,
            Partitions = [.. replicas.Select(PartitionInside.Read)],
            Logs = [.. replicas.Where(p => p.Log is not null).Select(p => LogInside.Read(p, p.Log!))],
            Followers =
            [
                .. replicas.Where(p => p.Leader is not null).SelectMany(p => FollowerInside.Read(p, p.Leader!, broker.NowMs)).Take(RowsMax),
            ],
            Groups = [.. groups.Take(RowsMax)],
        };
    }
}
