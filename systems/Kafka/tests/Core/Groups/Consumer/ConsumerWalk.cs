using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests;

/// <summary>
/// Five consumers of one group, two of them static, that do at random what consumers do, also slowly, deafly and by crashing, while
/// topics come, grow and go and coordinators fail. After each step no two members read the same partition.
/// </summary>
internal sealed class ConsumerWalk
{
    private readonly RandomStream _random;
    private readonly TestConsumer[] _consumers;
    private readonly bool[] _isDown;
    private int _ids;

    public ConsumerWalk(ulong seed)
    {
        _random = new RandomStream(seed);
        World.Topics.Set("t", 3).Set("u", 2);
        _consumers = [.. Enumerable.Range(0, 5).Select(i => new TestConsumer(World, NewId(), i < 2 ? $"static-{i}" : null))];
        _isDown = new bool[_consumers.Length];
    }

    public GroupWorld World { get; } = new();

    public void Step()
    {
        var i = (int)_random.Next(_consumers.Length);
        var consumer = _consumers[i];
        switch (_random.Next(15))
        {
            case < 7:
                if (!_isDown[i])
                    consumer.Beat(isSlow: _random.Next(3) == 0, losesAnswer: _random.Next(6) == 0);
                break;
            case 7:
                Restart(i);
                break;
            case 8:
                if (!_isDown[i])
                    consumer.Leave(consumer.Instance is null ? MemberAssignment.Left : MemberAssignment.LeftForNow);
                break;
            case 9:
                ChangeTopics();
                break;
            case 10:
                (consumer.Topics, consumer.Regex) = _random.Next(3) switch
                {
                    0 => (["t"], ""),
                    1 => (["t", "u"], ""),
                    _ => ((IReadOnlyList<string>)[], "[uv]|none"),
                };
                break;
            case 11:
                LoseCoordinator();
                break;
            case 12:
                consumer.Commit(_random.Next(1_000));
                break;
            default:
                World.Advance(_random.Next(12_000));
                break;
        }

        CheckReaders();
    }

    /// <summary>All go on without faults until nothing moves; then each partition that somebody subscribed to is read once.</summary>
    public void Settle()
    {
        Array.Clear(_isDown);
        for (var round = 0; round < 40; round++)
        {
            foreach (var consumer in _consumers)
            {
                consumer.Beat();
                CheckReaders();
            }

            World.Advance(5_000);
        }

        Invariant.Check(World.Consumers.StateName == "Stable", $"the group is {World.Consumers.StateName}");
        var wanted = World.Consumers.Topics.Values.SelectMany(topic =>
            Enumerable.Range(0, topic.Partitions).Select(number => new TopicIdPartition(topic.Id, number)));
        Invariant.Check(
            new PartitionSet(wanted).Equals(new PartitionSet(_consumers.SelectMany(one => one.Reads))), "a partition is read by nobody");
    }

    /// <summary>It fails with records under way, which are lost with their answers.</summary>
    private void LoseCoordinator()
    {
        World.HoldsWrites = true;
        for (var i = 0; i < _consumers.Length; i++)
        {
            if (!_isDown[i] && _random.Next(2) == 0)
                _consumers[i].Beat();
        }

        World.Failover();
        World.HoldsWrites = false;
    }

    private void Restart(int i)
    {
        _isDown[i] = !_isDown[i];
        _consumers[i].Forget();
        _consumers[i].MemberId = NewId();
    }

    private void ChangeTopics()
    {
        var name = _random.Next(3) switch { 0 => "t", 1 => "u", _ => "v" };
        if (World.Topics.Find(name) is not { } topic)
            World.Topics.Set(name, 1);
        else if (_random.Next(4) == 0)
            World.Topics.Delete(name);
        else if (topic.Partitions < 6)
            World.Topics.Set(name, topic.Partitions + 1);
    }

    /// <summary>Whom the coordinator has put out reads what it likes: its session is over.</summary>
    private void CheckReaders()
    {
        var group = World.Shard.Groups.OfType<ConsumerGroup>().SingleOrDefault();
        var readers = _consumers.Where(one => group?.Members.ContainsKey(one.MemberId) == true).SelectMany(one => one.Reads).ToArray();
        Invariant.Check(readers.Length == readers.Distinct().Count(), "two members read one partition");
    }

    private string NewId() => $"m{++_ids:000}";
}
