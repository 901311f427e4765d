namespace Microcosm.Kafka;

/// <summary>Which configurations a broker has: those that one of ours obeys and those that clients ask for.</summary>
internal static class BrokerConfigs
{
    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, ConfigKey> All { get; } =
        ListenerConfigs.All.Concat(ServerLogConfigs.All).Concat(ReplicationConfigs.All).Concat(CoordinatorConfigs.All)
            .Concat(SecurityConfigs.All).ToDictionary(c => c.Name, StringComparer.Ordinal);

    private static readonly IReadOnlyList<string>[] Synonyms =
    [
        ["log.roll.ms", "log.roll.hours"],
        ["log.roll.jitter.ms", "log.roll.jitter.hours"],
        ["log.flush.interval.ms", "log.flush.scheduler.interval.ms"],
        ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
    ];

    /// <summary>The names under which the value may stand, the name itself among them; the first that is set counts.</summary>
    public static IReadOnlyList<string> SynonymsOf(string name) =>
        Array.Find(Synonyms, s => s.Contains(name) && name != "log.flush.scheduler.interval.ms") ?? [name];
}
