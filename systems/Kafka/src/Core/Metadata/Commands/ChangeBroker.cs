namespace Microcosm.Kafka;

/// <summary>A broker comes into use, is fenced, or begins to shut down in order.</summary>
/// <param name="Epoch">The registration that is meant; an older one is refused with STALE_BROKER_EPOCH.</param>
internal sealed record ChangeBroker(int Id, long Epoch, BrokerTransition Transition) : IMetadataCommand
{
    public void Write(MessageWriter writer)
    {
        writer.WriteInt32(Id);
        writer.WriteInt64(Epoch);
        writer.WriteByte((byte)Transition);
    }

    public static ChangeBroker Read(ref MessageReader reader) =>
        new(reader.ReadInt32(), reader.ReadInt64(), (BrokerTransition)reader.ReadUpTo((byte)BrokerTransition.ShutDown));

    public MetadataResult Apply(ClusterState state, long index)
    {
        var broker = CheckEpoch(state, Id, Epoch);
        var after = Transition switch
        {
            // Who shuts down does not come back in this incarnation.
            BrokerTransition.Unfence when broker.IsShuttingDown => broker,
            BrokerTransition.Unfence => broker with { IsFenced = false },
            BrokerTransition.Fence => broker with { IsFenced = true },
            _ => broker with { IsShuttingDown = true },
        };
        if (after == broker)
            return MetadataResult.Done;
        state.SetBroker(after);
        foreach (var topic in state.Topics.Values)
        {
            for (var partition = 0; partition < topic.Partitions.Count; partition++)
                Update(state, topic, partition);
        }
        return MetadataResult.Done;
    }

    /// <summary>The broker's registration if <paramref name="epoch"/> is its own.</summary>
    public static BrokerRegistration CheckEpoch(ClusterState state, int id, long epoch)
    {
        if (!state.Brokers.TryGetValue(id, out var broker))
            throw new MetadataRefusal(KafkaError.BrokerIdNotRegistered, $"Broker ID {id} is not currently registered");
        if (broker.Epoch != epoch)
            throw new MetadataRefusal(KafkaError.StaleBrokerEpoch, $"Expected broker epoch {epoch} but the current one is {broker.Epoch}");
        return broker;
    }

    private void Update(ClusterState state, TopicState topic, int partition)
    {
        var before = topic.Partitions[partition];
        if (Transition == BrokerTransition.Unfence)
        {
            if (before.Leader == PartitionState.NoLeader && before.Replicas.Contains(Id))
                new PartitionChange(state, topic, partition).Make();
        }
        else if (before.Leader == Id || before.Isr.Contains(Id))
        {
            new PartitionChange(state, topic, partition) { Isr = [.. before.Isr.Where(r => r != Id)] }.Make();
        }
    }
}
