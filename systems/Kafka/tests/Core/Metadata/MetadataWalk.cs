using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>Random commands from a seed, many of them with old epochs, unknown names and bad values.</summary>
internal sealed class MetadataWalk(int seed)
{
    private static readonly string[] Names = ["a", "b", "a.b", "a_b", "no such"];

    private readonly RandomStream _random = new Seed((ulong)seed).Stream("metadata");
    private readonly List<(string Topic, PartitionState Seen)> _seen = [];

    public MetadataWorld World { get; } = new(brokers: 4);

    /// <summary>ISR changes that were accepted though the epochs in them were not the current ones.</summary>
    public int StaleAccepted { get; private set; }

    /// <summary>Leaders that came from outside the ISR where no configuration and no operator allows it.</summary>
    public int UncleanLeaders { get; private set; }

    public void Step()
    {
        switch (_random.Next(10))
        {
            case 0:
                World.Create(Any(Names), _random.Next(0, 4), _random.Next(0, 6), configs: Flip() ? [] : [("retention.ms", "7")]);
                break;
            case 1:
                var ids = World.State.TopicsById.Keys.Append(Guid.AllBitsSet).Order().ToArray();
                if (_random.Next(4) == 0)
                    World.Apply(new DeleteTopics([Any(ids)]));
                break;
            case 2:
                World.Apply(new CreatePartitions(Any(Names), _random.Next(1, 6), null, _random.Next(int.MaxValue), false));
                break;
            case 3:
                World.Register(_random.Next(1, 6));
                break;
            case 4:
            case 5:
                ChangeBroker();
                break;
            case 6:
                ChangeIsr();
                break;
            case 7:
                var topic = World.State.Topics.GetValueOrDefault(Any(Names));
                World.Apply(new OfflineReplica(Broker(), Epoch(Broker()), topic?.Id ?? Guid.AllBitsSet, _random.Next(3)));
                break;
            case 8:
                World.Apply(new ElectLeaders(false, [Partition(), Partition()]));
                break;
            default:
                int[]? target = _random.Next(4) == 0 ? null : [.. Enumerable.Range(1, 5).Where(_ => Flip())];
                World.Apply(new AlterReassignments([(Partition(), target)]));
                break;
        }
        foreach (var topic in World.State.Topics.Values)
            _seen.Add((topic.Name, topic.Partitions[0]));
    }

    private void ChangeBroker()
    {
        var before = World.State.Topics.Values.ToDictionary(t => t.Name, t => t.Partitions[0]);
        var transition = (BrokerTransition)_random.Next(3);
        World.Apply(new ChangeBroker(Broker(), Epoch(Broker()), transition));
        var id = Broker();
        World.Apply(new ChangeBroker(id, Epoch(id), transition == BrokerTransition.ShutDown ? BrokerTransition.Unfence : transition));
        foreach (var (name, partition) in before)
        {
            var leader = World.Partition(name).Leader;
            if (leader != PartitionState.NoLeader && !partition.Isr.Contains(leader))
                UncleanLeaders++;
        }
    }

    private void ChangeIsr()
    {
        var known = _seen.Where(s => World.State.Topics.ContainsKey(s.Topic)).ToArray();
        if (known.Length == 0)
            return;
        var (topic, seen) = known[Math.Max(0, known.Length - 1 - _random.Next(40))];
        if (seen.Leader == PartitionState.NoLeader)
            return;
        var now = World.Partition(topic);
        int[] isr = [seen.Leader, .. seen.Replicas.Where(r => r != seen.Leader && Flip())];
        var result = World.SetIsr(topic, isr, seen);
        if (result.Error is KafkaError.None or KafkaError.NewLeaderElected
            && (seen.LeaderEpoch, seen.PartitionEpoch) != (now.LeaderEpoch, now.PartitionEpoch))
            StaleAccepted++;
    }

    private TopicPartition Partition() => new(Any(Names), _random.Next(3));

    private int Broker() => _random.Next(1, 5);

    private long Epoch(int broker) => World.State.Brokers[broker].Epoch - (_random.Next(5) == 0 ? 1 : 0);

    private bool Flip() => _random.Next(2) == 0;

    private T Any<T>(T[] items) => _random.Pick(items);
}
