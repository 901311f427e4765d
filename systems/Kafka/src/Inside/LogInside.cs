namespace Microcosm.Kafka;

/// <summary>A replica's log, by its offsets.</summary>
/// <param name="Stable">Below it every transaction is decided.</param>
/// <param name="HighWatermark">Below it all is committed, as far as this replica knows.</param>
/// <param name="Synced">Below it nothing is lost with a crash.</param>
internal sealed record LogInside(string Name, long Start, long Stable, long HighWatermark, long Synced, long End, long Bytes)
{
    public static LogInside Read(Partition partition, PartitionLog log) => new(
        partition.Name.ToString(), log.LogStartOffset, log.LastStableOffset, partition.Leader?.HighWatermark ?? log.HighWatermark,
        log.SyncedEndOffset, log.LogEndOffset, log.SizeBytes);
}
