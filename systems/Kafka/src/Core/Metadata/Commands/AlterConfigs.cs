namespace Microcosm.Kafka;

/// <summary>Changes configurations (KIP-339); those of one resource together or not at all.</summary>
internal sealed record AlterConfigs(
    IReadOnlyList<(ConfigResource Resource, IReadOnlyList<ConfigChange> Changes)> Resources, bool IsValidateOnly) : IMetadataCommand
{
    public void Write(MessageWriter writer)
    {
        writer.WriteList(Resources, (w, r) =>
        {
            r.Resource.Write(w);
            w.WriteList(r.Changes, (v, c) => c.Write(v));
        });
        writer.WriteBool(IsValidateOnly);
    }

    public static AlterConfigs Read(ref MessageReader reader) => new(
        reader.ReadList((ref r) => (ConfigResource.Read(ref r), (IReadOnlyList<ConfigChange>)r.ReadList(ConfigChange.Read))),
        reader.ReadBool());

    public MetadataResult Apply(ClusterState state, long index) =>
        new MetadataResults([.. Resources.Select(r => MetadataResult.Of(() => Alter(state, r.Resource, r.Changes)))]);

    private void Alter(ClusterState state, ConfigResource resource, IReadOnlyList<ConfigChange> changes)
    {
        if (resource.Type == ConfigResourceType.Topic && !state.Topics.ContainsKey(resource.Name))
            throw new MetadataRefusal(KafkaError.UnknownTopicOrPartition);
        if (resource.Type is not (ConfigResourceType.Topic or ConfigResourceType.Broker or ConfigResourceType.Group))
            throw new MetadataRefusal(KafkaError.InvalidRequest, $"Unexpected resource type {resource.Type}.");
        var values = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (!values.TryAdd(change.Name, change.Of(state, resource)))
                throw new MetadataRefusal(KafkaError.InvalidRequest, $"Error due to duplicate config keys: {change.Name}");
            if (values[change.Name] is { } value && WhyInvalid(resource.Type, change.Name, value) is { } why)
                throw new MetadataRefusal(KafkaError.InvalidConfig, why);
        }
        if (IsValidateOnly)
            return;
        foreach (var (name, value) in values)
            state.SetConfig(resource, name, value);
    }

    // A broker's are checked by the broker: only it knows what it was started with.
    private static string? WhyInvalid(ConfigResourceType type, string name, string value) => type switch
    {
        ConfigResourceType.Topic => TopicConfigs.WhyInvalid(name, value),
        ConfigResourceType.Group => GroupConfigs.WhyInvalid(name, value),
        _ => null,
    };
}
