using static Microcosm.Kafka.Tests.Core.FetchWorld;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>Who gives way when all slots are taken.</summary>
public sealed class FetchEvictionTests
{
    private readonly FetchWorld _world = new(slots: 2);

    [Fact]
    public void When_all_slots_are_in_use_a_fetch_is_answered_without_a_session()
    {
        Open(1);
        Open(1);
        var response = _world.Fetch(Request(0, 0, ("a", 0, 0)));
        Assert.Equal((0, "a-0@10"), (response.SessionId, Text(response)));
        Assert.Equal((2, 0), (_world.Sessions.Count, _world.Sessions.Evictions));
    }

    [Fact]
    public void Who_was_not_heard_of_for_long_gives_way()
    {
        var old = Open(5);
        _world.NowMs += 60_000;
        var other = Open(1);
        _world.NowMs += 60_000;
        Assert.Equal(0, Open(1));
        _world.NowMs += 1;
        Assert.NotEqual(0, Open(1));
        Assert.Equal(KafkaError.FetchSessionIdNotFound, Next(old));
        Assert.Equal(KafkaError.None, Next(other));
    }

    [Fact]
    public void A_larger_session_takes_the_place_of_a_smaller_that_had_its_time()
    {
        var (small, large) = (Open(2), Open(3));
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            _world.NowMs += 100_000;
            Assert.Equal((KafkaError.None, KafkaError.None), (Next(small, epoch), Next(large, epoch)));
        }
        Assert.Equal(0, Open(2));
        Assert.NotEqual(0, Open(3));
        Assert.Equal((KafkaError.FetchSessionIdNotFound, KafkaError.None), (Next(small, 3), Next(large, 3)));
    }

    [Fact]
    public void A_follower_takes_the_place_of_any_consumer_and_a_consumer_no_followers()
    {
        var (consumer, follower) = (Open(9), Open(1, isFollower: true));
        Assert.Equal(0, Open(9));
        Assert.NotEqual(0, Open(1, isFollower: true));
        Assert.Equal((KafkaError.FetchSessionIdNotFound, KafkaError.None), (Next(consumer), Next(follower)));
        // Now there are only young followers.
        Assert.Equal(0, Open(9, isFollower: true));
        for (var epoch = 2; epoch <= 3; epoch++)
        {
            _world.NowMs += 100_000;
            Next(follower, epoch);
            Next(3, epoch - 1);
        }
        Assert.Equal(0, Open(9));
        Assert.NotEqual(0, Open(9, isFollower: true));
    }

    [Fact]
    public void Without_slots_there_are_no_sessions() =>
        Assert.Equal(0, new FetchWorld(slots: 0).Fetch(Request(0, 0, ("a", 0, 0))).SessionId);

    private int Open(int partitions, bool isFollower = false) =>
        _world.Fetch(Request(0, 0, [.. Enumerable.Range(0, partitions).Select(p => ("a", p, 0L))]), isFollower: isFollower).SessionId;

    private KafkaError Next(int session, int epoch = 1) => (KafkaError)_world.Fetch(Request(session, epoch)).ErrorCode;
}
