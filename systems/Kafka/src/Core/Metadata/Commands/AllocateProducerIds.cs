using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A broker takes the next block of producer ids (KIP-730).</summary>
internal sealed record AllocateProducerIds(int Broker, long BrokerEpoch) : IMetadataCommand
{
    public const int BlockSize = 1000;

    public void Write(MessageWriter writer)
    {
        writer.WriteInt32(Broker);
        writer.WriteInt64(BrokerEpoch);
    }

    public static AllocateProducerIds Read(ref MessageReader reader) => new(reader.ReadInt32(), reader.ReadInt64());

    /// <summary>A <see cref="NumberResult"/> with the first id; <see cref="BlockSize"/> are the broker's.</summary>
    public MetadataResult Apply(ClusterState state, long index)
    {
        ChangeBroker.CheckEpoch(state, Broker, BrokerEpoch);
        var first = state.NextProducerId;
        Invariant.Check(first <= long.MaxValue - BlockSize, "there are producer ids left");
        state.NextProducerId = first + BlockSize;
        return new NumberResult(first);
    }
}
