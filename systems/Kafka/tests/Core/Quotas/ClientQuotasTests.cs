using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>For how long clients are muted.</summary>
public sealed class ClientQuotasTests
{
    private readonly QuotaWorld _world = new();

    [Fact]
    public void Who_has_no_quota_never_waits_and_is_not_remembered()
    {
        Assert.Equal(0, _world.Clients.Record(ClientQuotaType.Produce, "ann", "app", 1e12, 0));
        Assert.Equal(0, _world.Clients.Sensors);
        Assert.Equal(double.MaxValue, _world.Clients.MaxInWindow(ClientQuotaType.Fetch, "ann", "app"));
    }

    [Fact]
    public void A_users_clients_share_a_users_quota()
    {
        _world.Set("ann", "", "producer_byte_rate", 100);
        Assert.Equal(0, _world.Clients.Record(ClientQuotaType.Produce, "ann", "a", 1_000, 0));
        Assert.Equal(10_000, _world.Clients.Record(ClientQuotaType.Produce, "ann", "b", 1_000, 0));
        Assert.Equal(0, _world.Clients.Record(ClientQuotaType.Produce, "bob", "b", 1_000, 0));
    }

    [Fact]
    public void Each_client_has_a_quota_of_its_own_by_default()
    {
        _world.Set("", null, "consumer_byte_rate", 100);
        Assert.Equal(0, _world.Clients.Record(ClientQuotaType.Fetch, "ann", "a", 1_000, 0));
        Assert.Equal(0, _world.Clients.Record(ClientQuotaType.Fetch, "ann", "b", 1_000, 0));
        Assert.Equal(2, _world.Clients.Sensors);
        Assert.Equal(1_000, _world.Clients.MaxInWindow(ClientQuotaType.Fetch, "ann", "a"));
    }

    [Fact]
    public void What_was_not_sent_is_taken_back()
    {
        _world.Set("ann", "", "consumer_byte_rate", 100);
        Assert.Equal(10_000, _world.Clients.Record(ClientQuotaType.Fetch, "ann", "a", 2_000, 0));
        _world.Clients.RecordOnly(ClientQuotaType.Fetch, "ann", "a", -2_000, 0);
        Assert.Equal(0, _world.Clients.Record(ClientQuotaType.Fetch, "ann", "a", 1_000, 0));
    }

    [Fact]
    public void Requests_mute_for_a_window_at_most()
    {
        _world.Set("ann", "", "request_percentage", 1);
        Assert.Equal(1_000, _world.Clients.Record(ClientQuotaType.Request, "ann", "a", 5_000, 0));
    }

    [Fact]
    public void A_quota_that_changes_counts_at_once_and_the_past_stays()
    {
        _world.Set("ann", "", "producer_byte_rate", 100);
        Assert.Equal(0, _world.Clients.Record(ClientQuotaType.Produce, "ann", "a", 1_000, 0));
        _world.Set("ann", "", "producer_byte_rate", 50);
        Assert.Equal(10_000, _world.Clients.Record(ClientQuotaType.Produce, "ann", "a", 0, 0));
    }

    [Fact]
    public void Strict_mutations_are_refused_while_something_is_owed_and_do_not_count()
    {
        _world.Set("ann", "", "controller_mutation_rate", 10);
        Assert.Equal(0, _world.Clients.RecordMutations("ann", "a", 210, isStrict: true, 0));
        Assert.Equal(10_000, _world.Clients.RecordMutations("ann", "a", 500, isStrict: true, 0));
        Assert.Equal(9_000, _world.Clients.RecordMutations("ann", "a", 500, isStrict: true, 1_000));
        Assert.Equal(0, _world.Clients.RecordMutations("ann", "a", 1, isStrict: true, 10_000));
    }

    [Fact]
    public void Permissive_mutations_are_counted_and_mute()
    {
        _world.Set("ann", "", "controller_mutation_rate", 10);
        Assert.Equal(10_000, _world.Clients.RecordMutations("ann", "a", 210, isStrict: false, 0));
        Assert.Equal(11_000, _world.Clients.RecordMutations("ann", "a", 10, isStrict: false, 0));
    }

    [Fact]
    public void Clients_that_are_gone_are_forgotten()
    {
        _world.Set("", null, "producer_byte_rate", 100);
        _world.Set(null, null, "controller_mutation_rate", 1);
        for (var i = 0; i < 10_000; i++)
        {
            _world.Clients.Record(ClientQuotaType.Produce, "ann", $"c{i}", 1, i * 100);
            _world.Clients.RecordMutations("ann", $"c{i}", 1, isStrict: true, i * 100);
        }
        // Those of 22 s at most: what was used since the last sweep, and what was not idle at it.
        Assert.InRange(_world.Clients.Sensors, 2, 440);
    }

    [Fact]
    public void Who_waits_as_told_stays_near_the_quota()
    {
        _world.Set("ann", "", "producer_byte_rate", 1_000);
        var random = new RandomStream(7);
        var (nowMs, sent) = (0L, 0L);
        while (nowMs < 600_000)
        {
            var bytes = random.Next(1, 5_000);
            sent += bytes;
            nowMs += _world.Clients.Record(ClientQuotaType.Produce, "ann", "a", bytes, nowMs) + random.Next(20);
        }
        // Kafka's wait is not exact: the windows that it was measured over are gone before it ends.
        Assert.InRange(sent, 540_000, 680_000);
    }

    [Fact]
    public void Connections_that_come_too_fast_are_refused_and_do_not_count()
    {
        _world.SetIp(null, 2);
        var accepted = 0;
        for (var ms = 0; ms < 1_000; ms += 10)
        {
            var throttleMs = _world.Connections.Record("10.0.0.1", ms);
            Assert.InRange(throttleMs, 0, 1_000);
            accepted += throttleMs == 0 ? 1 : 0;
        }
        // 2 a second over ten windows and the current one.
        Assert.InRange(accepted, 20, 22);
        Assert.Equal(0, _world.Connections.Record("10.0.0.2", 1_000));
        Assert.Equal(0, _world.Connections.Record("10.0.0.1", 30_000));
        Assert.Equal(1, _world.Connections.Sensors);
    }
}
