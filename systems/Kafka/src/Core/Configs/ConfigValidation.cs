using System.Globalization;

namespace Microcosm.Kafka;

/// <summary>
/// What a broker checks before changes of configurations go to the controller, which knows no broker's options (Kafka's
/// ConfigAdminManager). Refusals are <see cref="MetadataRefusal"/>.
/// </summary>
internal static class ConfigValidation
{
    private static readonly string[] Threads =
        ["num.io.threads", "num.replica.fetchers", "num.recovery.threads.per.data.dir", "background.threads"];

    /// <summary>AlterConfigs replaces all that the resource has, so what is not named is deleted.</summary>
    public static IReadOnlyList<ConfigChange> Replacing(
        ClusterState state, ConfigResource resource, IReadOnlyList<(string Name, string? Value)> configs)
    {
        var before = state.Configs.TryGetValue(resource, out var set) ? set.Keys.ToArray() : [];
        return [.. configs.Select(c => new ConfigChange(c.Name, ConfigOperation.Set, c.Value)),
            .. before.Except(configs.Select(c => c.Name)).Select(n => new ConfigChange(n, ConfigOperation.Delete, null))];
    }

    public static void Check(DynamicBrokerConfig broker, ConfigResource resource, IReadOnlyList<ConfigChange> changes)
    {
        if (changes.DistinctBy(c => c.Name).Count() < changes.Count)
            throw Refused("Error due to duplicate config keys");
        if (changes.FirstOrDefault(c => c.Operation > ConfigOperation.Subtract) is { } unknown)
            throw Refused($"Unknown operations type {(int)unknown.Operation}");
        var nulls = changes.Where(c => c.Operation != ConfigOperation.Delete && c.Value is null).Select(c => c.Name).ToArray();
        if (nulls.Length > 0)
            throw Refused($"Null value not supported for : {string.Join(", ", nulls)}");
        switch (resource.Type)
        {
            case ConfigResourceType.Broker:
                CheckBroker(broker, resource, changes);
                break;
            case ConfigResourceType.Group:
                CheckGroup(broker, resource, changes);
                break;
            case ConfigResourceType.Topic:
                break;
            default:
                throw Refused($"Unknown resource type {(int)resource.Type}");
        }
    }

    private static void CheckBroker(DynamicBrokerConfig broker, ConfigResource resource, IReadOnlyList<ConfigChange> changes)
    {
        if (resource.Name.Length > 0)
        {
            if (!int.TryParse(resource.Name, CultureInfo.InvariantCulture, out var id))
                throw Refused($"Node id must be an integer, but it is: {resource.Name}");
            if (id != broker.BrokerId)
                throw Refused($"Unexpected broker id, expected {broker.BrokerId}, but received {resource.Name}");
        }
        // Deleting what cannot be there harms nobody.
        var set = changes.Where(c => c.Operation != ConfigOperation.Delete).ToArray();
        var keys = set.Select(c => BrokerConfigs.All.GetValueOrDefault(c.Name)).OfType<ConfigKey>().ToArray();
        foreach (var change in set.Where(c => c.Operation != ConfigOperation.Set))
        {
            if (!BrokerConfigs.All.TryGetValue(change.Name, out var key) || key.Type != ConfigType.List)
            {
                var verb = change.Operation.ToString().ToLowerInvariant();
                throw new MetadataRefusal(KafkaError.InvalidConfig, $"Config value {verb} is not allowed for config key: {change.Name}");
            }
        }
        // A listener's own are Kafka's way to change certificates of a running broker; ours do not.
        RefuseAny("Cannot update these configs dynamically", keys.Where(k => k.Update == ConfigUpdate.ReadOnly).Select(k => k.Name)
            .Concat(set.Select(c => c.Name).Where(n => n.StartsWith("listener.name.", StringComparison.Ordinal))));
        RefuseAny("These security configs can be dynamically updated only per-listener using the listener prefix",
            keys.Select(k => k.Name).Where(n => n.StartsWith("ssl.", StringComparison.Ordinal)));
        foreach (var change in set)
        {
            if (BrokerConfigs.All.TryGetValue(change.Name, out var key) && key.WhyInvalid(change.Value!) is { } why)
                throw Refused(why);
        }
        if (resource.Name.Length == 0)
        {
            RefuseAny("Cannot update these configs at default cluster level, broker id must be specified",
                keys.Where(k => k.Update == ConfigUpdate.PerBroker).Select(k => k.Name));
        }
        RefuseFacts(keys);
        CheckThreads(broker, set);
    }

    private static void CheckThreads(DynamicBrokerConfig broker, ConfigChange[] changes)
    {
        foreach (var change in changes.Where(c => Threads.Contains(c.Name)))
        {
            var (now, wanted) = (Number(broker.Value(change.Name)!), Number(change.Value!));
            var begin = $"Dynamic thread count update validation failed for {change.Name}={wanted}";
            if (wanted < now / 2)
                throw Refused($"{begin}, value should be at least half the current value {now}");
            if (wanted > now * 2)
                throw Refused($"{begin}, value should not be greater than double the current value {now}");
        }
    }

    private static void CheckGroup(DynamicBrokerConfig broker, ConfigResource resource, IReadOnlyList<ConfigChange> changes)
    {
        if (resource.Name.Length == 0)
            throw Refused("Default group resources are not allowed.");
        foreach (var change in changes.Where(c => c.Operation == ConfigOperation.Set))
        {
            if (GroupConfigs.WhyInvalid(change.Name, change.Value!) is { } why)
                throw Invalid(why);
            var (kind, rest) = (change.Name[..(change.Name.IndexOf('.') + 1)], change.Name[(change.Name.IndexOf('.') + 1)..]);
            var (min, max) = ($"group.{kind}min.{rest}", $"group.{kind}max.{rest}");
            if (Number(change.Value!) < Number(broker.Value(min)!))
                throw Invalid($"{change.Name} must be greater than or equal to {min}");
            if (Number(change.Value!) > Number(broker.Value(max)!))
                throw Invalid($"{change.Name} must be less than or equal to {max}");
        }
    }

    private static void RefuseFacts(ConfigKey[] keys)
    {
        if (Array.Find(keys, k => k.IsFact) is not { } fact)
            return;
        throw Refused(fact.Name.EndsWith("listeners", StringComparison.Ordinal)
            ? "Advertised listeners cannot be altered when using a Raft-based metadata quorum."
            : $"{fact.Name} cannot be altered: the cluster gives it to its brokers.");
    }

    private static void RefuseAny(string words, IEnumerable<string> names)
    {
        var all = string.Join(", ", names);
        if (all.Length > 0)
            throw Refused($"{words}: Set({all})");
    }

    private static long Number(string value) => long.Parse(value, CultureInfo.InvariantCulture);

    private static MetadataRefusal Refused(string words) => new(KafkaError.InvalidRequest, words);

    private static MetadataRefusal Invalid(string words) => new(KafkaError.InvalidConfig, words);
}
