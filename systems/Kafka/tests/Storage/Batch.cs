using System.Text;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Batches for tests.</summary>
internal static class Batch
{
    /// <summary>Values without keys, one record each.</summary>
    public static byte[] Of(params string[] values) => Of(1_000, values);

    public static byte[] Of(long timestamp, params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
            builder.Add(timestamp, null, Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }

    /// <summary>Records <c>key=value</c>; <c>key</c> alone is a tombstone.</summary>
    public static byte[] Keyed(long timestamp, params string[] records) => Keyed(new RecordBatchBuilder(), timestamp, records);

    public static byte[] Keyed(RecordBatchBuilder builder, long timestamp, params string[] records)
    {
        foreach (var record in records)
        {
            var parts = record.Split('=');
            builder.Add(timestamp, Encoding.UTF8.GetBytes(parts[0]), parts.Length > 1 ? Encoding.UTF8.GetBytes(parts[1]) : null);
        }
        return builder.Build();
    }

    /// <summary>So many records of an idempotent or transactional producer.</summary>
    public static byte[] Produced(long producer, short epoch, int sequence, int count = 1, bool isTransactional = false) => Keyed(
        new RecordBatchBuilder { ProducerId = producer, ProducerEpoch = epoch, BaseSequence = sequence, IsTransactional = isTransactional },
        1_000, [.. Enumerable.Range(sequence, count).Select(i => $"p{producer}={i}")]);

    public static byte[] Marker(long producer, short epoch, bool isCommit, int coordinatorEpoch = 0) =>
        new EndTransactionMarker(isCommit, coordinatorEpoch).ToBatch(producer, epoch, 1_000);

    /// <summary>The same batch as a follower gets it.</summary>
    public static byte[] At(long offset, int epoch, byte[] batch)
    {
        var copy = (byte[])batch.Clone();
        RecordBatch.SetBaseOffset(copy, offset);
        RecordBatch.SetLeaderEpoch(copy, epoch);
        return copy;
    }

    /// <summary>Records of batches, as <c>offset:value</c> or <c>offset:key=value</c>.</summary>
    public static List<string> Read(ReadOnlyMemory<byte> batches)
    {
        List<string> records = [];
        for (var rest = batches.Span; RecordBatch.TryRead(rest, out var batch); rest = rest[batch.SizeBytes..])
        {
            Assert.True(batch.CheckCrc());
            using var reader = RecordReader.Open(batch);
            while (reader.TryRead(out var record))
                records.Add($"{record.Offset}:{(batch.IsControl ? "marker" : Text(record))}");
        }
        return records;
    }

    private static string Text(in Record record)
    {
        var value = record.HasValue ? Encoding.UTF8.GetString(record.Value) : null;
        var key = record.HasKey ? Encoding.UTF8.GetString(record.Key) : null;
        return key is null ? value ?? "" : value is null ? key : $"{key}={value}";
    }
}
