using static Microcosm.Kafka.Tests.Core.FetchWorld;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>Incremental fetches (KIP-227).</summary>
public sealed class FetchSessionTests
{
    private readonly FetchWorld _world = new();

    [Fact]
    public void A_full_fetch_opens_a_session_and_answers_all()
    {
        var response = _world.Fetch(Request(0, 0, ("a", 0, 5), ("a", 1, 5), ("b", 0, 5)));
        Assert.Equal((0, 1), (response.ErrorCode, response.SessionId));
        Assert.Equal("a-0@10 a-1@10 b-0@10", Text(response));
        Assert.Equal(["a", "b"], response.Responses.Select(t => t.Topic));
        Assert.Equal((1, 3), (_world.Sessions.Count, _world.Sessions.Partitions));
    }

    [Fact]
    public void Old_clients_and_those_that_end_a_session_get_none()
    {
        Assert.Equal(0, _world.Fetch(Request(0, -1, ("a", 0, 5)), version: 4).SessionId);
        var id = _world.Fetch(Request(0, 0, ("a", 0, 5))).SessionId;
        var response = _world.Fetch(Request(id, -1, ("a", 0, 6)));
        Assert.Equal((0, "a-0@10"), (response.SessionId, Text(response)));
        Assert.Equal(0, _world.Sessions.Count);
        Assert.Equal((short)KafkaError.FetchSessionIdNotFound, _world.Fetch(Request(id, 1)).ErrorCode);
    }

    [Fact]
    public void A_client_that_starts_over_gets_a_new_session_for_the_old_one()
    {
        var id = _world.Fetch(Request(0, 0, ("a", 0, 5))).SessionId;
        Assert.Equal(id + 1, _world.Fetch(Request(id, 0, ("b", 0, 5))).SessionId);
        Assert.Equal(1, _world.Sessions.Count);
    }

    [Fact]
    public void An_incremental_fetch_reads_all_and_tells_only_what_is_new()
    {
        _world.Fetch(Request(0, 0, ("a", 0, 5), ("b", 0, 5), ("c", 0, 5), ("d", 0, 5), ("e", 0, 5), ("f", 0, 5)));
        Assert.Equal("", Text(_world.Fetch(Request(1, 1))));
        _world.Data[("a", 0)] = new() { HighWatermark = 11, LogStartOffset = 0 };
        _world.Data[("b", 0)] = new() { HighWatermark = 10, LogStartOffset = 3 };
        _world.Data[("d", 0)] = new() { HighWatermark = 10, LogStartOffset = 0, PreferredReadReplica = 2 };
        _world.Data[("e", 0)] = new() { HighWatermark = 10, LogStartOffset = 0, DivergingEpoch = new() { Epoch = 1, EndOffset = 2 } };
        _world.Data[("f", 0)] = new() { HighWatermark = 10, LogStartOffset = 0, Records = new byte[1] };
        var context = _world.Begin(Request(1, 2));
        Assert.Equal("a-0:5 b-0:5 c-0:5 d-0:5 e-0:5 f-0:5", Text(context));
        var response = _world.Answer(context);
        Assert.Equal((0, 1), (response.ErrorCode, response.SessionId));
        Assert.Equal("a-0@11 b-0@10 d-0@10 e-0@10 f-0@10", Text(response));
        // Offsets are told once; records, replicas and divergence each time.
        Assert.Equal("d-0@10 e-0@10 f-0@10", Text(_world.Fetch(Request(1, 3))));
    }

    [Fact]
    public void Partitions_are_added_changed_and_forgotten()
    {
        _world.Fetch(Request(0, 0, ("a", 0, 5), ("b", 0, 5), ("c", 0, 5)));
        var context = _world.Begin(Forgetting(Request(1, 1, ("c", 0, 9), ("d", 3, 1)), ("b", 0), ("z", 0)));
        Assert.Equal("a-0:5 c-0:9 d-3:1", Text(context));
        Assert.Equal("d-3@10", Text(_world.Answer(context)));
        Assert.Equal("a-0:5 c-0:9 d-3:1", Text(_world.Begin(Request(1, 2))));
    }

    [Fact]
    public void Who_gave_records_is_read_last_the_next_time()
    {
        _world.Fetch(Request(0, 0, ("a", 0, 5), ("b", 0, 5), ("c", 0, 5)));
        _world.Data[("a", 0)] = new() { HighWatermark = 10, LogStartOffset = 0, Records = new byte[1] };
        _world.Fetch(Request(1, 1));
        Assert.Equal("b-0:5 c-0:5 a-0:5", Text(_world.Begin(Request(1, 2))));
    }

    [Fact]
    public void The_end_of_an_error_is_told()
    {
        _world.Fetch(Request(0, 0, ("a", 0, 5)));
        _world.Data[("a", 0)] = new() { ErrorCode = (short)KafkaError.NotLeaderOrFollower, HighWatermark = 10, LogStartOffset = 0 };
        Assert.Equal("a-0@10", Text(_world.Fetch(Request(1, 1))));
        Assert.Equal("a-0@10", Text(_world.Fetch(Request(1, 2))));
        _world.Data.Clear();
        Assert.Equal("a-0@10", Text(_world.Fetch(Request(1, 3))));
        Assert.Equal("", Text(_world.Fetch(Request(1, 4))));
    }

    [Fact]
    public void A_session_without_partitions_ends()
    {
        _world.Fetch(Request(0, 0, ("a", 0, 5)));
        var early = _world.Begin(Request(1, 1));
        var response = _world.Fetch(Forgetting(Request(1, 2), ("a", 0)));
        Assert.Equal((0, 0, ""), (response.ErrorCode, response.SessionId, Text(response)));
        Assert.Equal((0, 0), (_world.Sessions.Count, _world.Sessions.Partitions));
        Assert.Equal((short)KafkaError.InvalidFetchSessionEpoch, _world.Answer(early).ErrorCode);
    }

    [Fact]
    public void Errors_of_sessions_have_their_codes_and_no_partitions()
    {
        _world.Fetch(Request(0, 0, ("a", 0, 5)));
        Assert.Equal(KafkaError.FetchSessionIdNotFound, Error(_world.Fetch(Request(7, 1, ("a", 0, 5)))));
        Assert.Equal(KafkaError.InvalidFetchSessionEpoch, Error(_world.Fetch(Request(1, 2, ("a", 0, 5)))));
        Assert.Equal(KafkaError.FetchSessionTopicIdError, Error(_world.Fetch(Request(1, 1), version: 13)));
        Assert.Equal(KafkaError.None, Error(_world.Fetch(Request(1, 1))));

        static KafkaError Error(FetchResponse response)
        {
            Assert.Empty(response.Responses);
            return (KafkaError)response.ErrorCode;
        }
    }

    [Fact]
    public void A_repeated_request_is_refused_and_its_first_answer_too_if_it_was_overtaken()
    {
        _world.Fetch(Request(0, 0, ("a", 0, 5)));
        var first = _world.Begin(Request(1, 1));
        Assert.Equal((short)KafkaError.InvalidFetchSessionEpoch, _world.Fetch(Request(1, 1)).ErrorCode);
        var second = _world.Begin(Request(1, 2));
        var response = _world.Answer(first);
        Assert.Equal(((short)KafkaError.InvalidFetchSessionEpoch, 1), (response.ErrorCode, response.SessionId));
        Assert.Equal(0, _world.Answer(second).ErrorCode);
    }

    [Fact]
    public void A_throttled_client_keeps_its_session_and_hears_the_news_later()
    {
        _world.Fetch(Request(0, 0, ("a", 0, 5)));
        _world.Data[("a", 0)] = new() { HighWatermark = 11, LogStartOffset = 0 };
        var response = _world.Begin(Request(1, 1)).Throttled(70);
        Assert.Equal((0, 1, 70, ""), (response.ErrorCode, response.SessionId, response.ThrottleTimeMs, Text(response)));
        Assert.Equal("a-0@11", Text(_world.Fetch(Request(1, 2))));
    }

    [Fact]
    public void A_partition_that_is_named_twice_is_read_once() =>
        Assert.Equal("a-0:7 b-0:1", Text(_world.Begin(Request(0, 0, ("a", 0, 5), ("b", 0, 1), ("a", 0, 7)))));

    [Fact]
    public void The_answer_keeps_the_order_of_reading_though_a_topic_comes_twice()
    {
        var response = _world.Fetch(Request(0, 0, ("a", 0, 5), ("b", 0, 5), ("a", 1, 5)));
        Assert.Equal(["a", "b", "a"], response.Responses.Select(t => t.Topic));
    }
}
