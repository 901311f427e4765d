using Microcosm.Kafka.Tests.Storage;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Does random things to a log and tells its model.</summary>
internal sealed class LogScript(LogModel model, RandomStream random)
{
    private int _values;
    private long _start;

    /// <summary>Settings under which a short script meets many segments and checkpoints.</summary>
    public static LogSettings Settings(RandomStream random) => new()
    {
        SegmentBytes = 750 + random.Next(random.Chance(0.5) ? 100 : 2_000),
        IndexIntervalBytes = random.Next(200),
        CheckpointBytes = 1 + random.Next(random.Chance(0.5) ? 500 : 5_000),
        RetentionMs = -1,
        RoomBytes = random.Chance(0.3) ? 1 + random.Next(1_000) : 1 << 20,
        ProducerIdExpirationMs = long.MaxValue,
    };

    public async Task RunAsync(PartitionLog log, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            await StepAsync(log);
            log.OnHighWatermark(log.LogEndOffset);
        }
    }

    /// <summary>Appends one batch or more.</summary>
    public void Append(PartitionLog log)
    {
        model.Before(log);
        var before = log.LogEndOffset;
        var epoch = Math.Max(0, log.LatestEpoch) + (random.Chance(0.1) ? 1 + random.Next(2) : 0);
        if (random.Chance(0.2))
        {
            var batches = FromLeader(before, epoch);
            if (log.AppendAsFollower(batches) == KafkaError.KafkaStorageError)
                throw Refused(batches);
        }
        else
        {
            var (batch, origin) = Produce(log);
            var info = log.AppendAsLeader(batch, epoch, origin);
            if (info.Error == KafkaError.KafkaStorageError)
                throw Refused(Batch.At(before, epoch, batch));
            if (info.Error != KafkaError.None)
                throw new ModelException($"an append is refused: {info.Error} {info.ErrorMessage}");
        }
        while (before < log.LogEndOffset)
        {
            var read = log.Read(before, 1, long.MaxValue, minOneBatch: true);
            if (read.Records.IsEmpty)
                throw new ModelException($"what was appended at {before} is not read: {read.Error}");
            model.Append(read.Records.Span);
            before = read.NextOffset;
        }
    }

    public async Task SyncAsync(PartitionLog log, bool withCheckpoint = false)
    {
        var (end, start, cuts) = (log.LogEndOffset, _start, model.Cuts);
        await (withCheckpoint ? log.CheckpointAsync() : log.SyncAsync());
        // What was cut meanwhile is not there to be acknowledged.
        if (cuts == model.Cuts)
            (model.SyncedEnd, model.SyncedStart) = (Math.Max(model.SyncedEnd, end), Math.Max(model.SyncedStart, start));
        // What it says of itself binds it too.
        model.SyncedEnd = Math.Max(model.SyncedEnd, log.SyncedEndOffset);
    }

    // A write that failed may be on the disk.
    private IOException Refused(byte[] batches)
    {
        model.Append(batches);
        return new IOException("the log refuses");
    }

    /// <summary>Cuts the log, at one end or the other.</summary>
    public async ValueTask ChangeAsync(PartitionLog log)
    {
        switch (random.Next(6))
        {
            case 0 or 1:
                await CutAsync(log, Math.Max(0, log.LogEndOffset - random.Next(random.Chance(0.7) ? 6 : 40)));
                break;
            case 2 when random.Chance(0.4):
                await ResetAsync(log);
                break;
            case 3:
                _start = log.LogStartOffset + random.Next((int)(log.LogEndOffset - log.LogStartOffset) + 1);
                model.Start = Math.Max(model.Start, _start);
                log.IncreaseLogStart(_start);
                break;
            default:
                await RetainAsync(log);
                break;
        }
    }

    private async ValueTask StepAsync(PartitionLog log)
    {
        switch (random.Next(30))
        {
            case < 6:
                await ChangeAsync(log);
                break;
            case < 12 and var step:
                await SyncAsync(log, withCheckpoint: step == 6);
                break;
            default:
                Append(log);
                break;
        }
    }

    private async ValueTask CutAsync(PartitionLog log, long offset)
    {
        if (offset >= log.LogEndOffset)
            return;
        _start = 0;
        if (offset < log.State.Segments[0].BaseOffset)
        {
            model.BeginReset(log, offset);
            await log.TruncateToAsync(offset);
            model.EndReset();
            return;
        }
        model.BeginCut(log, offset);
        await log.TruncateToAsync(offset);
        model.EndCut();
    }

    private async ValueTask ResetAsync(PartitionLog log)
    {
        var offset = random.Next(3) * 50L;
        _start = 0;
        model.BeginReset(log, offset);
        await log.ResetAsync(offset);
        model.EndReset();
    }

    // The sizes that are left are chosen so that something goes now and then.
    private async ValueTask RetainAsync(PartitionLog log)
    {
        var settings = log.Settings;
        log.UpdateSettings(settings with { RetentionBytes = random.Next(2_000) });
        // The start moves when it is its turn; what is acknowledged is what it is at the end.
        model.Start = Math.Max(model.Start, log.LogEndOffset);
        await log.ApplyRetentionAsync(0, log.LogEndOffset);
        model.Start = log.LogStartOffset;
        log.UpdateSettings(settings);
    }

    private (byte[] Batch, AppendOrigin Origin) Produce(PartitionLog log)
    {
        var producer = random.Next(4);
        if (producer == 0)
            return (Batch.Of(random.Next(1_000), Value(), Value()), AppendOrigin.Client);
        var state = log.Producers.Find(producer);
        var epoch = state?.Epoch ?? 0;
        var isOpen = state?.TransactionFirstOffset is not null;
        if (isOpen && random.Chance(0.4))
            return (Batch.Marker(producer, epoch, random.Chance(0.5), Math.Max(0, state!.CoordinatorEpoch)), AppendOrigin.Coordinator);
        if (!isOpen && random.Chance(0.1))
            return (Produced(producer, (short)(epoch + 1), 0, random.Chance(0.5)), AppendOrigin.Client);
        return (Produced(producer, epoch, RecordBatch.AddSequence(state?.LastSequence ?? -1, 1), isOpen || random.Chance(0.3)),
            AppendOrigin.Client);
    }

    private byte[] Produced(long producer, short epoch, int sequence, bool isTransactional)
    {
        var builder = new RecordBatchBuilder
        {
            ProducerId = producer, ProducerEpoch = epoch, BaseSequence = sequence, IsTransactional = isTransactional,
            Compression = random.Chance(0.1) ? CompressionType.Lz4 : CompressionType.None,
        };
        return Batch.Keyed(builder, random.Next(1_000), [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => $"key={Value()}")]);
    }

    // One fetch, sometimes with a gap, as a leader's cleaning leaves.
    private byte[] FromLeader(long offset, int epoch)
    {
        List<byte> batches = [];
        for (var n = 1 + random.Next(3); n > 0; n--)
        {
            offset += random.Chance(0.1) ? 1 + random.Next(20) : 0;
            batches.AddRange(Batch.At(offset, epoch, Batch.Of(random.Next(1_000), Value())));
            offset++;
        }
        return [.. batches];
    }

    private string Value() => $"v{++_values}{new string('x', random.Next(random.Chance(0.9) ? 30 : 150))}";
}
