using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// One coordinator: a shard over one partition of an internal topic. It is loaded from the log, then its writes are appended in order and
/// are done when they are committed. A write that fails ends the shard, and another is loaded.
/// </summary>
internal sealed class CoordinatorSlot<TShard>(
    KafkaBroker broker, Partition partition, Func<int, int, TShard> create, Action<CoordinatorSlot<TShard>>? stepped)
    where TShard : class, ICoordinatorShard
{
    private const int LoadBytes = 1 << 20;
    private const long WriteTimeoutMs = 5_000;

    // What failed a write, say too few replicas in sync, fails the next one too for a while.
    private const long ReloadMs = 50;

    private readonly int _epoch = partition.State.LeaderEpoch;
    private TShard _shard = create(partition.Name.Partition, partition.State.LeaderEpoch);
    private Deadlines.Deadline? _deadline;
    private long _armedMs = long.MaxValue;
    private bool _isPumping;
    private bool _isLoading;
    private bool _isEnded;

    public int Partition => partition.Name.Partition;

    /// <summary>Another one after a write failed.</summary>
    public TShard Shard => _shard;

    /// <summary>It has read its log and coordinates.</summary>
    public bool IsLoaded => !_isLoading && !_isEnded;

    /// <summary>Steps the shard, after what was due by now, appends what it wants written and looks when it is due next.</summary>
    public void Run(Action<TShard, long> step)
    {
        step(_shard, Tick());
        Pump();
    }

    public void End()
    {
        _isEnded = true;
        _deadline?.Cancel();
        _shard.Unload();
    }

    // async void: a log that cannot be read ends the broker.
    public async void Load()
    {
        if (_isEnded)
            return;
        _isLoading = true;
        var shard = _shard;
        // What was written before this epoch may not be committed yet, and what is not must not be told.
        var end = partition.Log!.LogEndOffset;
        if (end > 0 && await partition.CommittedAsync(end - 1) != KafkaError.None)
            return;
        for (var offset = partition.Log.LogStartOffset; offset < end && !_isEnded;)
        {
            var read = partition.Log.Read(offset, LoadBytes, end, minOneBatch: true);
            Invariant.Check(read.Error == KafkaError.None && read.NextOffset > offset, $"{partition.Name} can be read");
            Replay(shard, read.Records.Span);
            offset = read.NextOffset;
            // A long log does not hold up the broker.
            await Task.Yield();
        }
        if (_isEnded)
            return;
        _isLoading = false;
        shard.Loaded(broker.TimeMs);
        Pump();
    }

    private static void Replay(TShard shard, ReadOnlySpan<byte> batches)
    {
        while (RecordBatch.TryRead(batches, out var batch))
        {
            batches = batches[batch.SizeBytes..];
            if (batch.IsControl)
            {
                if (EndTransactionMarker.Read(batch) is { } marker)
                    shard.LoadMarker(batch.ProducerId, marker.IsCommit);
                continue;
            }
            using var reader = RecordReader.Open(batch);
            while (reader.TryRead(out var record))
            {
                shard.Load(record.Key.ToArray(), record.HasValue ? record.Value.ToArray() : null,
                    batch.IsTransactional ? batch.ProducerId : RecordBatch.NoProducerId);
            }
        }
    }

    private void Pump()
    {
        if (_isPumping || _isLoading || _isEnded)
            return;
        _isPumping = true;
        while (_shard.TryTakeWrite(out var write))
            Append(write);
        _isPumping = false;
        if (_shard.MustReload && !_isLoading)
        {
            _shard.Unload();
            _shard = create(partition.Name.Partition, _epoch);
            _isLoading = true;
            broker.Deadlines.Add(ReloadMs, Load);
            return;
        }
        stepped?.Invoke(this);
        Arm();
    }

    // async void: what goes wrong is the shard's to know.
    private async void Append(CoordinatorWrite write)
    {
        var builder = new RecordBatchBuilder
        {
            ProducerId = write.ProducerId, ProducerEpoch = write.ProducerEpoch, IsTransactional = write.ProducerId >= 0,
        };
        foreach (var record in write.Records)
            builder.Add(broker.TimeMs, record.Key, record.Value);
        var info = await partition.AppendAsync(builder.Build(), acks: -1, WriteTimeoutMs, AppendOrigin.Coordinator);
        write.Done(info.Error);
        Pump();
    }

    // Does what is due; gives the time.
    private long Tick()
    {
        var nowMs = broker.TimeMs;
        if (_shard.NextDueMs <= nowMs)
            _shard.Tick(nowMs);
        return nowMs;
    }

    private void Arm()
    {
        var dueMs = _shard.NextDueMs;
        if (dueMs >= _armedMs)
            return;
        _deadline?.Cancel();
        _armedMs = dueMs;
        _deadline = broker.Deadlines.Add(dueMs - broker.TimeMs, () =>
        {
            _armedMs = long.MaxValue;
            Tick();
            Pump();
        });
    }
}
