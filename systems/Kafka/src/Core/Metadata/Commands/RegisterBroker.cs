namespace Microcosm.Kafka;

/// <summary>A broker starts and says who it is. It is fenced until it has caught up (KIP-631).</summary>
internal sealed record RegisterBroker(int Id, Guid IncarnationId, string? Rack, IReadOnlyList<BrokerEndpoint> Endpoints) : IMetadataCommand
{
    public void Write(MessageWriter writer)
    {
        writer.WriteInt32(Id);
        writer.WriteUuid(IncarnationId);
        writer.WriteNullableString(Rack);
        writer.WriteList(Endpoints, (w, e) => e.Write(w));
    }

    public static RegisterBroker Read(ref MessageReader reader) =>
        new(reader.ReadInt32(), reader.ReadUuid(), reader.ReadNullableString(), reader.ReadList(BrokerEndpoint.Read));

    /// <summary>A <see cref="NumberResult"/> with the broker's epoch.</summary>
    public MetadataResult Apply(ClusterState state, long index)
    {
        if (Id < 0)
            throw new MetadataRefusal(KafkaError.InvalidRegistration, $"Broker id {Id} is negative.");
        if (state.Brokers.TryGetValue(Id, out var before))
        {
            // The same start asked twice: the first answer was lost.
            if (before.IncarnationId == IncarnationId)
                return new NumberResult(before.Epoch);
            if (!before.IsFenced)
                throw new MetadataRefusal(KafkaError.DuplicateBrokerRegistration, "Another broker is registered with that broker id.");
        }
        state.SetBroker(new BrokerRegistration(Id, IncarnationId, index, Rack, Endpoints, IsFenced: true, IsShuttingDown: false));
        return new NumberResult(index);
    }
}
