using System.Globalization;
using Result = Microcosm.Kafka.DescribeConfigsResponse.DescribeConfigsResult;
using Entry = Microcosm.Kafka.DescribeConfigsResponse.DescribeConfigsResourceResult;

namespace Microcosm.Kafka;

/// <summary>DescribeConfigs as one broker answers it; authorization is the caller's.</summary>
internal sealed class ConfigDescriptions(DynamicBrokerConfig broker, bool includeSynonyms, bool includeDocumentation)
{
    /// <param name="names">Null or empty for all.</param>
    public Result Describe(ConfigResource resource, IReadOnlyCollection<string>? names)
    {
        var result = new Result { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name };
        try
        {
            result.Configs = [.. Entries(resource).Where(e => names is null or { Count: 0 } || names.Contains(e.Name))
                .OrderBy(e => e.Name, StringComparer.Ordinal)];
        }
        catch (MetadataRefusal refusal)
        {
            result.ErrorCode = (short)refusal.Error;
            result.ErrorMessage = refusal.Text ?? KafkaErrors.Message(refusal.Error);
        }
        return result;
    }

    private IEnumerable<Entry> Entries(ConfigResource resource) => resource.Type switch
    {
        ConfigResourceType.Topic => OfTopic(resource.Name),
        ConfigResourceType.Broker when resource.Name.Length == 0 => OfAllBrokers(),
        ConfigResourceType.Broker => OfBroker(resource.Name),
        ConfigResourceType.Group => OfGroup(resource.Name),
        _ => throw new MetadataRefusal(KafkaError.InvalidRequest, $"Unsupported resource type: {resource.Type}"),
    };

    private IEnumerable<Entry> OfTopic(string topic)
    {
        if (TopicNames.WhyInvalid(topic) is { } why)
            throw new MetadataRefusal(KafkaError.InvalidTopicException, why);
        if (!broker.State.Topics.ContainsKey(topic))
            throw new MetadataRefusal(KafkaError.UnknownTopicOrPartition);
        return TopicConfigs.All.Values.Select(key =>
        {
            var values = TopicSynonyms.Of(key.Name) is [var first, ..] ? Synonyms(first.Name) : [];
            if (broker.State.Config(ConfigResource.Topic(topic), key.Name) is { } own)
                values.Insert(0, new(key.Name, own, ConfigSource.Topic));
            return Make(key, broker.TopicValue(topic, key.Name), values, isReadOnly: false);
        });
    }

    private IEnumerable<Entry> OfGroup(string group)
    {
        if (group.Length == 0)
            throw new MetadataRefusal(KafkaError.InvalidRequest, "Group name must not be empty");
        return GroupConfigs.All.Values.Select(key =>
        {
            var value = broker.GroupValue(group, key.Name);
            var isOwn = broker.State.Config(new(ConfigResourceType.Group, group), key.Name) is not null;
            return Make(key, value, [new(key.Name, value, isOwn ? ConfigSource.Group : ConfigSource.Default)], isReadOnly: false);
        });
    }

    private IEnumerable<Entry> OfBroker(string name)
    {
        if (!int.TryParse(name, CultureInfo.InvariantCulture, out var id))
            throw new MetadataRefusal(KafkaError.InvalidRequest, $"Broker id must be an integer, but it is: {name}");
        if (id != broker.BrokerId)
        {
            throw new MetadataRefusal(
                KafkaError.InvalidRequest, $"Unexpected broker id, expected {broker.BrokerId} or empty string, but received {name}");
        }
        return broker.Names.Select(n => OfBroker(n, Synonyms(n)));
    }

    private IEnumerable<Entry> OfAllBrokers() =>
        broker.State.Configs.TryGetValue(ConfigResource.AllBrokers, out var changed)
            ? changed.Keys.Select(n => OfBroker(n, [.. Synonyms(n).Where(v => v.Source == ConfigSource.DynamicDefaultBroker)])) : [];

    private Entry OfBroker(string name, List<ConfigValue> values)
    {
        // What Kafka does not know may be a secret.
        var key = BrokerConfigs.All.GetValueOrDefault(name) ?? new ConfigKey(name, ConfigType.Unknown, null, "");
        var value = values.FirstOrDefault(v => v.Name == name).Value;
        return Make(key, value, values, key.Update == ConfigUpdate.ReadOnly);
    }

    // Kafka tells of synonyms only from where the name itself has a value: log.retention.hours alone is not told of log.retention.ms.
    private List<ConfigValue> Synonyms(string name) =>
        [.. broker.Values(BrokerConfigs.SynonymsOf(name)).SkipWhile(v => v.Name != name)];

    private Entry Make(ConfigKey key, string? value, List<ConfigValue> values, bool isReadOnly)
    {
        var isSensitive = key.IsSensitive || key.Type == ConfigType.Unknown;
        var source = values is [var first, ..] ? first.Source : ConfigSource.Default;
        return new()
        {
            Name = key.Name,
            Value = isSensitive ? null : value,
            ReadOnly = isReadOnly,
            ConfigSource = (sbyte)source,
            IsSensitive = isSensitive,
            ConfigType = (sbyte)key.Type,
            Documentation = includeDocumentation ? key.Documentation : null,
            Synonyms = !includeSynonyms ? [] : [.. values.Select(v => new DescribeConfigsResponse.DescribeConfigsSynonym
            {
                Name = v.Name,
                Value = isSensitive ? null : v.Value,
                Source = (sbyte)v.Source,
            })],
        };
    }
}
