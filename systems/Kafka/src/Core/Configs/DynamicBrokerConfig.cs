using System.Globalization;

namespace Microcosm.Kafka;

/// <summary>
/// What one broker's configurations are now (KIP-226): changed for the broker, else changed for all, else started with, else the default.
/// It holds no copy: values follow the state.
/// </summary>
/// <param name="facts">What the broker knows of itself, by Kafka's names: node.id, advertised.listeners …</param>
internal sealed class DynamicBrokerConfig(
    KafkaOptions options, ClusterState state, int brokerId, IReadOnlyDictionary<string, string>? facts = null)
{
    private readonly IReadOnlyDictionary<string, string> _facts = facts ?? new Dictionary<string, string>();

    public KafkaOptions Options => options;

    public ClusterState State => state;

    public int BrokerId => brokerId;

    public ConfigResource Resource { get; } = new(ConfigResourceType.Broker, brokerId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Null if it has none.</summary>
    public string? Value(string name) => Values([name]) is [var first, ..] ? first.Value : null;

    /// <summary>Every name that the broker has a value or a place for.</summary>
    public IEnumerable<string> Names =>
        BrokerConfigs.All.Keys.Union(_facts.Keys).Union(Changed(Resource)).Union(Changed(ConfigResource.AllBrokers));

    /// <summary>All values under the names, the one that counts first: by source, then in the order of names.</summary>
    public List<ConfigValue> Values(IReadOnlyList<string> names)
    {
        var values = new List<ConfigValue>();
        Add(ConfigSource.DynamicBroker, n => state.Config(Resource, n));
        Add(ConfigSource.DynamicDefaultBroker, n => state.Config(ConfigResource.AllBrokers, n));
        Add(ConfigSource.StaticBroker, n => _facts.GetValueOrDefault(n) ?? options.Settings.GetValueOrDefault(n));
        Add(ConfigSource.Default, n => BrokerConfigs.All.ContainsKey(n) ? options.DefaultOf(n) : null);
        return values;

        void Add(ConfigSource source, Func<string, string?> find) =>
            values.AddRange(names.Select(n => (Name: n, Value: find(n))).Where(v => v.Value is not null)
                .Select(v => new ConfigValue(v.Name, v.Value!, source)));
    }

    /// <summary>What a topic's configuration is: its own, else what the broker's synonyms say, else its default.</summary>
    public string TopicValue(string topic, string name)
    {
        if (state.Config(ConfigResource.Topic(topic), name) is { } own)
            return own.Trim();
        foreach (var synonym in TopicSynonyms.Of(name))
        {
            if (Value(synonym.Name) is not { } value)
                continue;
            // Kafka takes any negative time to keep records for "for ever".
            return synonym.Factor == 1 ? value : Scaled(value, synonym.Factor);
        }
        return TopicConfigs.All[name].Default!;
    }

    /// <summary>What a group's configuration is: its own, else the broker's of the same kind.</summary>
    public string GroupValue(string group, string name) =>
        state.Config(new(ConfigResourceType.Group, group), name) ?? Value("group." + name) ?? GroupConfigs.All[name].Default!;

    private static string Scaled(string value, long factor)
    {
        var number = long.Parse(value, CultureInfo.InvariantCulture);
        return (number < 0 ? -1 : number * factor).ToString(CultureInfo.InvariantCulture);
    }

    private IEnumerable<string> Changed(ConfigResource resource) =>
        state.Configs.TryGetValue(resource, out var configs) ? configs.Keys : [];
}
