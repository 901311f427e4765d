namespace Microcosm.Kafka;

/// <summary>A topic to be created.</summary>
/// <param name="Id">Chosen by who proposes, at random.</param>
/// <param name="Partitions">-1: the cluster's default.</param>
/// <param name="ReplicationFactor">-1: the cluster's default.</param>
/// <param name="Assignments">By hand: the partition and its replicas; empty: the cluster places.</param>
internal sealed record NewTopic(
    string Name,
    Guid Id,
    int Partitions,
    int ReplicationFactor,
    IReadOnlyList<(int Partition, int[] Replicas)> Assignments,
    IReadOnlyList<(string Name, string? Value)> Configs)
{
    public void Write(MessageWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteUuid(Id);
        writer.WriteInt32(Partitions);
        writer.WriteInt32(ReplicationFactor);
        writer.WriteList(Assignments, (w, a) =>
        {
            w.WriteInt32(a.Partition);
            w.WriteInts(a.Replicas);
        });
        writer.WriteList(Configs, (w, c) =>
        {
            w.WriteString(c.Name);
            w.WriteNullableString(c.Value);
        });
    }

    public static NewTopic Read(ref MessageReader reader) => new(
        reader.ReadString(), reader.ReadUuid(), reader.ReadInt32(), reader.ReadInt32(),
        reader.ReadList((ref r) => (r.ReadInt32(), r.ReadInts())),
        reader.ReadList((ref r) => (r.ReadString(), r.ReadNullableString())));
}
