namespace Microcosm.Kafka;

/// <summary>A topic: its name, the id that no later topic of the name has (KIP-516), and its partitions from 0.</summary>
internal sealed class TopicState(string name, Guid id, List<PartitionState> partitions)
{
    public string Name => name;

    public Guid Id => id;

    public IReadOnlyList<PartitionState> Partitions => partitions;

    /// <summary>Only <see cref="ClusterState"/> changes a topic: it checks and notes the change.</summary>
    internal List<PartitionState> Mutable => partitions;

    public void Write(MessageWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteUuid(Id);
        writer.WriteList(partitions, (w, p) => p.Write(w));
    }

    public static TopicState Read(ref MessageReader reader) =>
        new(reader.ReadString(), reader.ReadUuid(), reader.ReadList(PartitionState.Read));
}
