namespace Microcosm.Kafka;

/// <summary>An aborted transaction of one producer, as the transaction index and fetch responses have it.</summary>
/// <param name="LastOffset">Of its marker.</param>
/// <param name="LastStableOffset">What the last stable offset became with it: transactions that end later began at or after it.</param>
internal readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset);
