namespace Microcosm.Kafka;

/// <summary>What a group can be configured with (KIP-848's GROUP resources).</summary>
internal static class GroupConfigs
{
    /// <summary>By name; the broker's configuration of the same kind has the prefix <c>group.</c></summary>
    public static IReadOnlyDictionary<string, ConfigKey> All { get; } = new[]
    {
        ConfigKey.Int("consumer.heartbeat.interval.ms", "5000", 1, "Time between heartbeats of the group's members."),
        ConfigKey.Int("consumer.session.timeout.ms", "45000", 1, "Session of the group's members."),
    }.ToDictionary(c => c.Name, StringComparer.Ordinal);

    /// <summary>Null if the group may have this configuration; else Kafka's words.</summary>
    public static string? WhyInvalid(string name, string value) =>
        All.TryGetValue(name, out var config) ? config.WhyInvalid(value) : $"Unknown group config name: {name}";
}
