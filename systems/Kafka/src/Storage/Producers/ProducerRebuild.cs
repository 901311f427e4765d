using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Finds the producers as they were at an offset: the last snapshot at or below it, and the batches from there on.</summary>
internal sealed class ProducerRebuild(LogState state)
{
    /// <summary>Fills the log's producers, whatever they were.</summary>
    public void Run(long offset)
    {
        state.Producers.Clear();
        var from = LoadSnapshot(offset);
        for (var at = state.IndexOf(from); at < state.Segments.Count && from < offset; at++)
        {
            var segment = state.Segments[at];
            var position = from <= segment.BaseOffset ? 0 : segment.Find(from, out _);
            using var cursor = new BatchCursor(segment.Log, position, segment.Size, headersOnly: true);
            while (cursor.TryNext(out var batch) && batch.BaseOffset < offset)
            {
                if (batch.BaseOffset >= from)
                    Account(batch, segment, cursor.Position);
                from = batch.NextOffset;
            }
        }
    }

    // Data tells all in its header; a marker must be read.
    private void Account(in RecordBatch header, LogSegment segment, long position)
    {
        if (!header.IsControl)
        {
            LogState.AccountProducer(header, state.Producers, segment: null);
            return;
        }
        using var cursor = new BatchCursor(segment.Log, position, position + header.SizeBytes, headersOnly: false, header.SizeBytes);
        Invariant.Check(cursor.TryNext(out var batch));
        LogState.AccountProducer(batch, state.Producers, segment: null);
    }

    private long LoadSnapshot(long offset)
    {
        foreach (var snapshot in state.Snapshots.Reverse().Where(s => s <= offset))
        {
            var file = new LogFile(state.Files, LogNames.Of(state.Folder, snapshot, LogNames.Snapshot));
            var bytes = new byte[file.Length];
            var count = file.Exists ? file.Read(0, bytes) : 0;
            file.Close();
            if (ProducerSnapshot.TryRead(bytes.AsMemory(0, count), state.Producers))
                return snapshot;
        }
        return 0;
    }
}
