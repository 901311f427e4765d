using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>A follower that names in a session what changed: the leader must always see all that the follower wants, as it wants
/// it.</summary>
internal sealed class FollowerWalk(ulong seed)
{
    private readonly RandomStream _random = new(seed);
    private readonly FetchWorld _world = new(slots: 2);
    private readonly FetchSessionHandler _handler = new();
    private readonly SortedDictionary<int, long> _wanted = [];

    /// <summary>Fetches of which the leader saw something else than the follower wanted.</summary>
    public int Wrong { get; private set; }

    /// <summary>Partitions that requests did not have to name.</summary>
    public int NotNamed { get; private set; }

    public void Step()
    {
        for (var i = _random.Next(3); i > 0; i--)
            Change(_random.Next(6));
        // Another follower takes a slot, whoever had it.
        if (_random.Next(20) == 0)
        {
            _world.NowMs += 200_000;
            _world.Fetch(FetchWorld.Request(0, 0, ("b", 0, 0)), 17, isFollower: true);
        }
        var request = new FetchRequest();
        _handler.Name(request, _wanted.Select(w => (new FetchPartitionId("", FetchWorld.IdOf("a"), w.Key),
            new FetchRequest.FetchPartition { Partition = w.Key, FetchOffset = w.Value })));
        NotNamed += _wanted.Count - request.Topics.Sum(t => t.Partitions.Count);
        if (_random.Next(20) == 0)
        {
            // Lost on its way there, or on the way back.
            if (_random.Next(2) == 0)
                _world.Fetch(request, 17, isFollower: true);
            _handler.Lost();
            return;
        }
        var context = _world.Begin(request, 17, isFollower: true);
        if (context.Error == KafkaError.None
            && !context.Partitions.Select(p =>
                (p.Request.Partition, p.Request.FetchOffset)).Order().SequenceEqual(_wanted.Select(w => (w.Key, w.Value))))
            Wrong++;
        _handler.Answered(_world.Answer(context));
    }

    private void Change(int partition)
    {
        if (!_wanted.Remove(partition) || _random.Next(3) > 0)
            _wanted[partition] = _random.Next(3);
    }
}
