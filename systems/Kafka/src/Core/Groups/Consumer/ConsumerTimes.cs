namespace Microcosm.Kafka;

/// <summary>How long members of a consumer group may be silent, and how often they are to speak, in ms (consumer.session.timeout.ms,
/// consumer.heartbeat.interval.ms).</summary>
internal readonly record struct ConsumerTimes(int SessionTimeoutMs, int HeartbeatIntervalMs);
