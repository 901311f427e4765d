namespace Microcosm.Kafka;

/// <summary>What stands before the records of a batch that is written.</summary>
internal readonly record struct BatchHeader(
    long BaseOffset, int LeaderEpoch, short Attributes, int LastOffsetDelta, long BaseTimestamp, long MaxTimestamp, long ProducerId,
    short ProducerEpoch, int BaseSequence, int Count)
{
    /// <summary>The header of a batch that is there.</summary>
    public static BatchHeader Of(in RecordBatch batch) => new(batch.BaseOffset, batch.LeaderEpoch, batch.Attributes, batch.LastOffsetDelta,
        batch.BaseTimestamp, batch.MaxTimestamp, batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.Count);
}
