namespace Microcosm.Kafka;

/// <summary>A header of a record (KIP-82).</summary>
internal readonly record struct RecordHeader(string Key, byte[]? Value);
