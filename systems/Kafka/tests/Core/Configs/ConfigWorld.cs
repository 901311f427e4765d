namespace Microcosm.Kafka.Tests.Core;

/// <summary>Broker 1 of three, whose configurations are described and altered as its operations do it.</summary>
internal sealed class ConfigWorld
{
    public ConfigWorld() => Broker = new(Options, Metadata.State, 1, new Dictionary<string, string> { ["node.id"] = "1" });

    public MetadataWorld Metadata { get; } = new();

    public KafkaOptions Options { get; } = new();

    public DynamicBrokerConfig Broker { get; }

    public static ConfigResource Broker1 { get; } = new(ConfigResourceType.Broker, "1");

    public static ConfigResource Group { get; } = new(ConfigResourceType.Group, "g");

    public DescribeConfigsResponse.DescribeConfigsResult Describe(ConfigResource resource, params string[] names) =>
        new ConfigDescriptions(Broker, includeSynonyms: true, includeDocumentation: true).Describe(resource, names);

    /// <summary>The one entry as "value source [synonym=value source, …]".</summary>
    public string Entry(ConfigResource resource, string name)
    {
        var entry = Assert.Single(Describe(resource, name).Configs);
        var synonyms = entry.Synonyms.Select(s => $"{s.Name}={s.Value} {s.Source}");
        return $"{entry.Value ?? "null"} {entry.ConfigSource} [{string.Join(", ", synonyms)}]";
    }

    public void Set(ConfigResource resource, string name, string value) =>
        Alter(resource, new ConfigChange(name, ConfigOperation.Set, value));

    public void Alter(ConfigResource resource, params ConfigChange[] changes)
    {
        ConfigValidation.Check(Broker, resource, changes);
        var result = MetadataWorld.Only(Metadata.Apply(new AlterConfigs([(resource, changes)], false)));
        if (result.Error != KafkaError.None)
            throw new MetadataRefusal(result.Error, result.Message);
    }

    public string Refusal(ConfigResource resource, params ConfigChange[] changes)
    {
        var refusal = Assert.Throws<MetadataRefusal>(() => Alter(resource, changes));
        return $"{refusal.Error}: {refusal.Text}";
    }
}
