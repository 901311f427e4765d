namespace Microcosm.Kafka.Tests;

/// <summary>
/// A transaction shard with its log, its clock, and producers that talk to it. Writes commit at once unless they are held, markers
/// are written at once unless they are.
/// </summary>
internal sealed class TransactionWorld
{
    private readonly List<CoordinatorWrite> _taken = [];
    private long _producerIds = 1_000;
    private int _coordinatorEpoch;

    public TransactionWorld() => Shard = NewShard();

    public TransactionShard Shard { get; private set; }

    public List<CoordinatorRecord> Log { get; } = [];

    public long Now { get; private set; } = 1_000_000;

    public bool HoldsWrites { get; set; }

    public bool HoldsMarkers { get; set; }

    /// <summary>True while the host has no producer ids.</summary>
    public bool IsOutOfProducerIds { get; set; }

    /// <summary>All markers that this shard and those before it gave.</summary>
    public List<TransactionMarkers> Markers { get; } = [];

    public static TopicPartition[] On(params int[] partitions) => [.. partitions.Select(partition => new TopicPartition("p", partition))];

    public Answer<ProducerResult> Init(
        ProducerResult? known = null, string id = "t", int timeout = 60_000, long producerId = -1, short epoch = -1)
    {
        var answer = new Answer<ProducerResult>();
        Shard.Inits.Init(new ProducerInit(id, timeout, known?.ProducerId ?? producerId, known?.ProducerEpoch ?? epoch), Now, answer.Set);
        Pump();
        return answer;
    }

    public Answer<KafkaError> Add(ProducerResult producer, TopicPartition[] partitions, string id = "t")
    {
        var answer = new Answer<KafkaError>();
        Shard.Partitions.Add(new PartitionsToAdd(id, producer.ProducerId, producer.ProducerEpoch, partitions), Now, answer.Set);
        Pump();
        return answer;
    }

    public KafkaError[] Verify(ProducerResult producer, TopicPartition[] partitions, string id = "t") =>
        [.. Shard.Partitions.Verify(new PartitionsToAdd(id, producer.ProducerId, producer.ProducerEpoch, partitions))];

    public Answer<ProducerResult> End(ProducerResult producer, bool commit, bool bumps = false, string id = "t")
    {
        var answer = new Answer<ProducerResult>();
        Shard.Ends.End(new TransactionEnd(id, producer.ProducerId, producer.ProducerEpoch, commit, bumps), Now, answer.Set);
        Pump();
        return answer;
    }

    /// <summary>The host tells that these partitions have their marker.</summary>
    public void Written(TransactionMarkers markers, IReadOnlyCollection<TopicPartition> partitions)
    {
        Shard.Ends.MarkersWritten(markers, partitions, Now);
        Pump();
    }

    public TransactionDescription Describe(string id = "t") => Shard.Describe(id).Transaction!;

    public TransactionState StateOf(string id = "t") => Describe(id).State;

    /// <summary>Lets time pass, and everything that is due on the way happen when it is due.</summary>
    public void Advance(long ms)
    {
        var end = Now + ms;
        while (Shard.NextDueMs <= end)
        {
            Now = Math.Max(Now, Shard.NextDueMs);
            Shard.Tick(Now);
            Pump();
        }

        Now = end;
    }

    /// <summary>Appends and commits what the shard wrote, and writes its markers.</summary>
    public void Pump()
    {
        Take();
        while (!HoldsWrites && _taken.Count > 0)
            Finish(KafkaError.None, isAppended: true);
        while (Shard.TryTakeMarkers(out var markers))
        {
            Markers.Add(markers);
            if (!HoldsMarkers)
                Written(markers, markers.Partitions);
        }
    }

    /// <summary>Ends the oldest write that is under way. One that failed may be in the log all the same.</summary>
    public void Finish(KafkaError error, bool isAppended)
    {
        if (_taken.Count == 0)
            return;
        var write = _taken[0];
        _taken.RemoveAt(0);
        if (isAppended)
            Log.AddRange(write.Records);
        write.Done(error);
        Take();
    }

    /// <summary>The next coordinator, which has only the log. Of the writes under way, so many are in it, unknown to the old one.</summary>
    public void Failover(int committed = 0)
    {
        Shard.Unload();
        while (_taken.Count > 0)
            Finish(KafkaError.NotLeaderOrFollower, isAppended: committed-- > 0);
        Shard = NewShard();
        Pump();
    }

    /// <summary>What is committed, as a text to compare.</summary>
    public string State() => TextOf(Shard);

    /// <summary>The same of a shard that has only the log.</summary>
    public string ReplayedState() => TextOf(NewShard());

    private static string TextOf(TransactionShard shard) => string.Join('\n', shard.Transactions.Where(one => one.Exists).Select(one =>
    {
        var now = one.Current;
        return $"{one.TransactionalId} {now.State} {now.ProducerId}/{now.ProducerEpoch} {now.PreviousProducerId} {now.NextProducerId} "
            + $"{now.TimeoutMs} {now.StartMs} {now.UpdatedMs} v{now.ClientVersion} {string.Join(',', now.Partitions)}";
    }));

    private void Take()
    {
        while (Shard.TryTakeWrite(out var write))
            _taken.Add(write);
    }

    private TransactionShard NewShard()
    {
        var shard = new TransactionShard(new TransactionOptions(), ++_coordinatorEpoch, () => IsOutOfProducerIds ? -1 : ++_producerIds);
        foreach (var record in Log)
            shard.Load(record.Key, record.Value);
        shard.Loaded(Now);
        return shard;
    }
}
