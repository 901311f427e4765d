using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests;

/// <summary>
/// Two transactional ids, four producers that fight for them, three partitions; writes, markers and reports that come late, twice or
/// never; coordinators that fail.
/// </summary>
internal sealed class RandomProducers
{
    public const int PartitionCount = 3;

    private readonly RandomStream _random;
    private readonly RandomProducer[] _producers;
    private readonly Dictionary<(long ProducerId, short Epoch), object> _owners = [];
    private readonly List<RandomTransaction> _transactions = [];
    private readonly List<(TransactionMarkers Markers, TopicPartition Partition)> _undelivered = [];
    private readonly List<(TransactionMarkers Markers, TopicPartition Partition)> _reports = [];
    private readonly List<string> _faults = [];
    private int _markersSeen;

    public RandomProducers(ulong seed)
    {
        _random = new RandomStream(seed);
        _producers = [.. Enumerable.Range(0, 4).Select(i => new RandomProducer(this, _random, i < 2 ? "a" : "b", bumps: i % 2 == 0))];
    }

    public TransactionWorld World { get; } = new() { HoldsMarkers = true };

    public MarkedPartition[] Partitions { get; } = [.. Enumerable.Range(0, PartitionCount).Select(_ => new MarkedPartition())];

    public int Committed => _transactions.Count(one => one.IsCommitTold == true && one.Opened > 0);

    public void Step()
    {
        switch (_random.Next(20))
        {
            case < 11:
                _random.Pick(_producers).Step();
                break;
            case < 15:
                Deliver();
                break;
            case 15:
                Report();
                break;
            case 16:
                World.Advance(_random.Next(60) == 0 ? 8L * 24 * 60 * 60 * 1000 : _random.Next(2_000));
                break;
            case 17:
                World.HoldsWrites = _random.Next(4) == 0;
                World.Pump();
                break;
            case 18:
                World.Finish(KafkaError.None, isAppended: true);
                World.Pump();
                break;
            default:
                Fail();
                break;
        }
    }

    /// <summary>Everything under way arrives, and what is open times out. Returns what is wrong then.</summary>
    public IReadOnlyList<string> Settle()
    {
        World.HoldsWrites = false;
        for (var round = 0; round < 4; round++)
        {
            World.Pump();
            while (Deliver() | Report())
                World.Pump();
            World.Advance(20_000);
        }

        return [.. _faults, .. Partitions.SelectMany(one => one.Faults), .. _transactions.Select(one => one.Fault()).OfType<string>()];
    }

    public RandomTransaction NewTransaction()
    {
        _transactions.Add(new RandomTransaction());
        return _transactions[^1];
    }

    /// <summary>A producer id with an epoch is one producer's, for ever.</summary>
    public void Own(ProducerResult identity, object instance)
    {
        if (!_owners.TryAdd((identity.ProducerId, identity.ProducerEpoch), instance)
            && _owners[(identity.ProducerId, identity.ProducerEpoch)] != instance)
            _faults.Add("two producers are the same");
    }

    private void Fail()
    {
        if (_random.Next(3) > 0)
            return;
        if (_random.Next(2) == 0)
            World.Finish(KafkaError.NotEnoughReplicasAfterAppend, isAppended: _random.Next(2) == 0);
        if (World.Shard.MustReload || _random.Next(2) == 0)
            World.Failover(committed: _random.Next(3));
    }

    private bool Deliver()
    {
        for (; _markersSeen < World.Markers.Count; _markersSeen++)
            _undelivered.AddRange(World.Markers[_markersSeen].Partitions.Select(partition => (World.Markers[_markersSeen], partition)));
        if (_undelivered.Count == 0)
            return false;
        var (markers, partition) = Take(_undelivered);
        if (!Partitions[partition.Partition].Mark(markers))
            return true;
        var isLate = _random.Next(3) == 0;
        if (!isLate)
            World.Written(markers, [partition]);
        if (isLate || _random.Next(2) == 0)
            _reports.Add((markers, partition));
        return true;
    }

    private bool Report()
    {
        if (_reports.Count == 0)
            return false;
        var (markers, partition) = Take(_reports);
        World.Written(markers, [partition]);
        return true;
    }

    private T Take<T>(List<T> from)
    {
        var index = _random.Next(from.Count);
        var taken = from[index];
        from.RemoveAt(index);
        return taken;
    }
}
