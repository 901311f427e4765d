namespace Microcosm.Kafka;

/// <summary>A record that was refused, and with it its batch (KIP-467).</summary>
internal readonly record struct RecordError(int BatchIndex, string Message);
