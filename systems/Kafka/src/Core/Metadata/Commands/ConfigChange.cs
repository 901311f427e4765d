using System.Text;

namespace Microcosm.Kafka;

/// <summary>What to do with one configuration.</summary>
/// <param name="Operation">Kafka's code.</param>
/// <param name="Value">Null only to delete.</param>
internal sealed record ConfigChange(string Name, ConfigOperation Operation, string? Value)
{
    public void Write(MessageWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteByte((byte)Operation);
        writer.WriteNullableString(Value);
    }

    public static ConfigChange Read(ref MessageReader reader) =>
        new(reader.ReadString(), (ConfigOperation)reader.ReadUpTo((byte)ConfigOperation.Subtract), reader.ReadNullableString());

    /// <summary>The value to set for the resource; null deletes.</summary>
    public string? Of(ClusterState state, ConfigResource resource)
    {
        if (Operation == ConfigOperation.Delete)
            return null;
        if (Value is null)
            throw new MetadataRefusal(KafkaError.InvalidRequest, $"Null value not supported for : {Name}");
        if (Operation == ConfigOperation.Set)
            return Value;
        if (KeyOf(resource.Type, Name) is not { } config || config.Type != ConfigType.List)
        {
            throw new MetadataRefusal(
                KafkaError.InvalidConfig, $"Can't {Operation.ToString().ToUpperInvariant()} to key {Name} because its type is not LIST.");
        }
        var before = ConfigKey.Items(state.Config(resource, Name) ?? config.Default ?? "");
        var named = ConfigKey.Items(Value);
        var after = string.Join(',', Operation == ConfigOperation.Append ? before.Union(named) : before.Except(named));
        // Nobody could be told of a longer one: the protocol's strings end here.
        return Encoding.UTF8.GetByteCount(after) <= short.MaxValue ? after
            : throw new MetadataRefusal(KafkaError.InvalidConfig, $"The value of {Name} would be longer than {short.MaxValue} bytes.");
    }

    private static ConfigKey? KeyOf(ConfigResourceType type, string name) => type switch
    {
        ConfigResourceType.Topic => TopicConfigs.All.GetValueOrDefault(name),
        ConfigResourceType.Broker => BrokerConfigs.All.GetValueOrDefault(name),
        _ => null,
    };
}
