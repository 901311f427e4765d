namespace Microcosm.Kafka;

/// <summary>Deletes topics by their ids; a name may by then belong to another topic.</summary>
internal sealed record DeleteTopics(IReadOnlyList<Guid> Ids) : IMetadataCommand
{
    public void Write(MessageWriter writer) => writer.WriteList(Ids, (w, i) => w.WriteUuid(i));

    public static DeleteTopics Read(ref MessageReader reader) => new(reader.ReadList((ref r) => r.ReadUuid()));

    public MetadataResult Apply(ClusterState state, long index) =>
        new MetadataResults([.. Ids.Select(id => MetadataResult.Of(() =>
        {
            if (!state.TopicsById.TryGetValue(id, out var topic))
                throw new MetadataRefusal(KafkaError.UnknownTopicId);
            state.RemoveTopic(topic);
        }))]);
}
