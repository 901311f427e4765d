using System.Buffers.Binary;

namespace Microcosm.Kafka;

/// <summary>
/// The control record that ends a transaction in a partition (KIP-98). Key: version (2), type (2; 0 abort, 1 commit). Value: version (2),
/// epoch of the coordinator (4). Later versions may be longer.
/// </summary>
/// <param name="IsCommit">False: aborted.</param>
/// <param name="CoordinatorEpoch">Leader epoch of the coordinator's partition, by which an old one is fenced.</param>
internal readonly record struct EndTransactionMarker(bool IsCommit, int CoordinatorEpoch)
{
    /// <summary>Reads the marker of a control batch; null if it was cleaned away, or is of another kind (a raft leader's change).</summary>
    public static EndTransactionMarker? Read(in RecordBatch batch)
    {
        using var reader = RecordReader.Open(batch);
        if (!reader.TryRead(out var record))
            return null;
        if (record.Key.Length < 4 || record.Value.Length < 6)
        {
            throw new CorruptRecordException(
                $"a control record has a key of {record.Key.Length} and a value of {record.Value.Length} bytes");
        }
        var type = BinaryPrimitives.ReadInt16BigEndian(record.Key[2..]);
        return type is 0 or 1 ? new EndTransactionMarker(type == 1, BinaryPrimitives.ReadInt32BigEndian(record.Value[2..])) : null;
    }

    /// <summary>A control batch with this marker.</summary>
    public byte[] ToBatch(long producerId, short producerEpoch, long timestampMs)
    {
        var (key, value) = (new byte[4], new byte[6]);
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(2), (short)(IsCommit ? 1 : 0));
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(2), CoordinatorEpoch);
        var builder = new RecordBatchBuilder
        {
            ProducerId = producerId,
            ProducerEpoch = producerEpoch,
            IsTransactional = true,
            IsControl = true,
        };
        builder.Add(timestampMs, key, value);
        return builder.Build();
    }
}
