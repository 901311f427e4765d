namespace Microcosm.Kafka;

/// <summary>What one command, or a snapshot, touched; told after it is applied.</summary>
internal sealed class MetadataChange
{
    /// <summary>Created, changed and deleted.</summary>
    public SortedSet<string> Topics { get; } = new(StringComparer.Ordinal);

    public HashSet<Guid> DeletedTopics { get; } = [];

    public SortedSet<int> Brokers { get; } = [];

    public SortedSet<ConfigResource> Configs { get; } = [];

    /// <summary>ACLs, SCRAM credentials or quotas.</summary>
    public bool HasSecurity { get; set; }

    /// <summary>A snapshot came: anything may differ, and topics that are gone are not named.</summary>
    public bool IsEverything { get; set; }

    public bool IsEmpty =>
        !IsEverything && !HasSecurity && Topics.Count == 0 && DeletedTopics.Count == 0 && Brokers.Count == 0 && Configs.Count == 0;
}
