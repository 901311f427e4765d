using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests;

/// <summary>
/// Six consumers of one group that crash and come back by the other protocol, two of them static: the group becomes a consumer group and
/// a classic one again and again. The classic ones of a walk are all eager or all cooperative. After each step no two members read the
/// same partition.
/// </summary>
internal sealed class MixedWalk
{
    private const int Count = 6;

    private readonly RandomStream _random;
    private readonly TestClassic?[] _classics = new TestClassic?[Count];
    private readonly TestConsumer?[] _consumers = new TestConsumer?[Count];
    private readonly bool _isCooperative;
    private string _kind = "";

    // Whether those who come now are mostly classic.
    private bool _isMostlyClassic = true;
    private int _ids;

    public MixedWalk(ulong seed)
    {
        _random = new RandomStream(seed);
        _isCooperative = seed % 2 == 1;
        World.Topics.Set("t", 3);
        for (var i = 0; i < Count; i++)
            Start(i, isClassic: i % 2 == 0);
    }

    public GroupWorld World { get; } = new();

    /// <summary>How often the group was of another kind than before.</summary>
    public int Changes { get; private set; }

    public void Step()
    {
        var i = (int)_random.Next(Count);
        switch (_random.Next(20))
        {
            case < 11:
                Go(i, _random.Next(6) == 0);
                break;
            case < 14:
                if (_random.Next(4) != 0)
                    Leave(i);
                Start(i, _isMostlyClassic == (_random.Next(8) != 0));
                break;
            case 14:
                Leave(i);
                break;
            case 15 when World.Topics.Find("t")!.Value.Partitions < 6:
                World.Topics.Set("t", World.Topics.Find("t")!.Value.Partitions + 1);
                break;
            case 16:
                LoseCoordinator();
                break;
            case 17:
                Commit(i);
                _isMostlyClassic ^= _random.Next(4) == 0;
                break;
            default:
                World.Advance(_random.Next(6_000));
                break;
        }

        CheckReaders();
    }

    /// <summary>All go on without faults until nothing moves; then each partition is read once.</summary>
    public void Settle()
    {
        for (var round = 0; round < 60; round++)
        {
            for (var i = 0; i < Count; i++)
            {
                Go(i, losesAnswer: false);
                CheckReaders();
            }

            World.Advance(2_000);
        }

        var topic = World.Topics.Find("t")!.Value;
        var read = Enumerable.Range(0, Count).SelectMany(Reads).Order();
        Invariant.Check(
            read.SequenceEqual(Enumerable.Range(0, topic.Partitions).Select(number => new TopicIdPartition(topic.Id, number))),
            $"what is read is {World.Topics.Text(read)} of {topic.Partitions} in {World.State()}");
    }

    /// <summary>All come back by one protocol, and no group of the other kind is left.</summary>
    public void SettleAs(bool isClassic)
    {
        for (var i = 0; i < Count; i++)
        {
            Leave(i);
            Start(i, isClassic);
        }

        Settle();
    }

    private void Go(int i, bool losesAnswer)
    {
        _classics[i]?.Beat(losesAnswer);
        _consumers[i]?.Beat(isSlow: _random.Next(3) == 0, losesAnswer: losesAnswer);
    }

    private void Start(int i, bool isClassic)
    {
        var instance = i < 2 ? $"static-{i}" : null;
        _classics[i] = isClassic ? new TestClassic(World, instance, _isCooperative) : null;
        _consumers[i] = isClassic ? null : new TestConsumer(World, $"m{++_ids:000}", instance);
    }

    private void Leave(int i)
    {
        if (_classics[i] is { MemberId.Length: > 0 } classic)
            classic.Leave();
        if (_consumers[i] is { Epoch: > 0 } consumer)
            consumer.Leave(consumer.Instance is not null && _random.Next(2) == 0 ? MemberAssignment.LeftForNow : MemberAssignment.Left);
    }

    private void Commit(int i)
    {
        _classics[i]?.Commit(_random.Next(1_000));
        _consumers[i]?.Commit(_random.Next(1_000));
    }

    /// <summary>It fails with records under way, which are lost with their answers.</summary>
    private void LoseCoordinator()
    {
        World.HoldsWrites = true;
        for (var i = 0; i < Count; i++)
        {
            if (_random.Next(2) == 0)
                Go(i, losesAnswer: false);
        }

        World.Failover();
        World.HoldsWrites = false;
        foreach (var classic in _classics)
            classic?.Disconnect();
    }

    private PartitionSet Reads(int i) => _classics[i]?.Reads ?? _consumers[i]!.Reads;

    private bool IsMember(int i) => World.Shard.Groups.SingleOrDefault() switch
    {
        ConsumerGroup consumers => consumers.Members.ContainsKey(_classics[i]?.MemberId ?? _consumers[i]!.MemberId),
        ClassicGroup classic => classic.Members.ContainsKey(_classics[i]?.MemberId ?? ""),
        _ => false,
    };

    /// <summary>Whom the coordinator has put out reads what it likes: its session is over.</summary>
    private void CheckReaders()
    {
        if (World.Shard.Groups.SingleOrDefault() is { IsEmpty: false } group && group.GetType().Name is var kind && kind != _kind)
            (_kind, Changes) = (kind, _kind.Length > 0 ? Changes + 1 : 0);
        var readers = Enumerable.Range(0, Count).Where(IsMember).SelectMany(Reads).ToArray();
        Invariant.Check(readers.Length == readers.Distinct().Count(), "two members read one partition");
    }
}
