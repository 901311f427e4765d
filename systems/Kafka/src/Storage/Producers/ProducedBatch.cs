namespace Microcosm.Kafka;

/// <summary>A batch that a producer wrote, as much of it as tells a repeated one.</summary>
internal readonly record struct ProducedBatch(int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    public int FirstSequence => LastSequence >= OffsetDelta ? LastSequence - OffsetDelta : int.MaxValue - (OffsetDelta - LastSequence) + 1;

    public long FirstOffset => LastOffset - OffsetDelta;
}
