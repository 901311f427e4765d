namespace Microcosm.Kafka;

/// <summary>A transaction that a marker ended.</summary>
/// <param name="FirstOffset">Of its first record in this log.</param>
/// <param name="LastOffset">Of its marker.</param>
internal readonly record struct CompletedTransaction(long ProducerId, long FirstOffset, long LastOffset, bool IsAborted);
