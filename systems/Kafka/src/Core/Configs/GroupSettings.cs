using System.Globalization;

namespace Microcosm.Kafka;

/// <summary>What groups obey, from the cluster's options.</summary>
internal static class GroupSettings
{
    private const long MinuteMs = 60_000;

    /// <summary>Whether members may use KIP-848.</summary>
    public static bool ServesConsumerGroups(KafkaOptions options) =>
        ConfigKey.Items(options["group.coordinator.rebalance.protocols"]).Contains("consumer");

    public static GroupOptions Of(KafkaOptions options) => new()
    {
        InitialRebalanceDelayMs = Int(options, CoordinatorConfigs.InitialRebalanceDelay),
        MinSessionTimeoutMs = Int(options, "group.min.session.timeout.ms"),
        MaxSessionTimeoutMs = Int(options, "group.max.session.timeout.ms"),
        MaxSize = Int(options, "group.max.size"),
        OffsetMetadataMaxBytes = Int(options, "offset.metadata.max.bytes"),
        OffsetsRetentionMs = options.Number("offsets.retention.minutes") * MinuteMs,
        OffsetsRetentionCheckMs = Int(options, "offsets.retention.check.interval.ms"),
        ConsumerSessionTimeoutMs = Between(options, "session.timeout.ms"),
        ConsumerHeartbeatIntervalMs = Between(options, "heartbeat.interval.ms"),
        ConsumerMaxSize = Int(options, "group.consumer.max.size"),
        MigrationPolicy = Enum.Parse<MigrationPolicy>(options["group.consumer.migration.policy"], ignoreCase: true),
        ConsumerAssignors = [.. ConfigKey.Items(options["group.consumer.assignors"]).Select(AssignorOf)],
    };

    /// <summary>What a group has of its own, else what the broker gives to all.</summary>
    public static ConsumerTimes TimesOf(DynamicBrokerConfig broker, string groupId)
    {
        return new(Number("consumer.session.timeout.ms"), Number("consumer.heartbeat.interval.ms"));

        int Number(string name) => int.Parse(broker.GroupValue(groupId, name), CultureInfo.InvariantCulture);
    }

    private static int Between(KafkaOptions options, string name)
    {
        var value = Int(options, "group.consumer." + name);
        var (low, high) = (Int(options, "group.consumer.min." + name), Int(options, "group.consumer.max." + name));
        return value >= low && value <= high ? value
            : throw new ArgumentException($"group.consumer.{name} is {value}, and must be between {low} and {high}");
    }

    private static IConsumerAssignor AssignorOf(string name) => name == "uniform" ? new UniformAssignor() : new RangeAssignor();

    private static int Int(KafkaOptions options, string name) => (int)Math.Min(int.MaxValue, options.Number(name));
}
