namespace Microcosm.Kafka;

/// <summary>What a read found.</summary>
/// <param name="Error">OffsetOutOfRange, or CorruptMessage where the disk does not hold what was written.</param>
/// <param name="Records">Whole batches as they lie on the disk; the first one may begin below the offset that was asked for. The memory is
/// the caller's.</param>
/// <param name="NextOffset">Where a reader goes on after these batches.</param>
internal readonly record struct FetchedRecords(KafkaError Error, ReadOnlyMemory<byte> Records, long NextOffset);
