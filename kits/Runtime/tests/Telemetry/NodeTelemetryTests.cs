using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microcosm.Runtime.Tests;

/// <summary>What a node tells: spans in its own time, metrics, and nothing while nobody listens.</summary>
public sealed class NodeTelemetryTests
{
    private static readonly DateTimeOffset Start = new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly WorldClock _clock = new(null, Start);

    [Fact]
    public void A_span_has_the_times_of_the_nodes_clock_and_the_names_of_the_conventions()
    {
        using var heard = new Listening("Microcosm.Tests.Times");
        var telemetry = Telemetry("Microcosm.Tests.Times");
        var span = telemetry.Begin("redis.GET", "GET");
        _clock.Advance(TimeSpan.FromMilliseconds(1500));
        telemetry.End(span);
        var get = Assert.Single(heard.Spans);
        Assert.Equal(("GET", ActivityKind.Server), (get.DisplayName, get.Kind));
        Assert.Equal((Start.UtcDateTime, TimeSpan.FromMilliseconds(1500)), (get.StartTimeUtc, get.Duration));
        Assert.Equal(("redis", "GET", "redis.GET", "n-1"), (get.GetTagItem("db.system.name"), get.GetTagItem("db.operation.name"),
            get.GetTagItem("microcosm.operation"), get.GetTagItem("microcosm.node")));
        Assert.Equal(ActivityStatusCode.Unset, get.Status);
        Assert.Equal(1.5, heard.Sum("db.server.operation.duration", "db.operation.name", "GET"));
    }

    [Fact]
    public void A_span_that_took_no_time_does_not_end_by_the_machines_clock()
    {
        using var heard = new Listening("Microcosm.Tests.NoTime");
        var telemetry = Telemetry("Microcosm.Tests.NoTime");
        telemetry.End(telemetry.Begin("redis.GET", "GET"));
        Assert.True(Assert.Single(heard.Spans).Duration <= TimeSpan.FromTicks(1));
    }

    [Fact]
    public void Spans_that_overlap_are_no_parents_of_each_other_and_leave_nothing_current()
    {
        using var heard = new Listening("Microcosm.Tests.Overlap");
        var telemetry = Telemetry("Microcosm.Tests.Overlap");
        using var around = new Activity("the caller's own").Start();
        var waiting = telemetry.Begin("redis.BLPOP", "BLPOP");
        telemetry.End(telemetry.Begin("redis.LPUSH", "LPUSH"));
        telemetry.End(waiting);
        Assert.Equal(["LPUSH", "BLPOP"], heard.Spans.Select(s => s.DisplayName));
        Assert.All(heard.Spans, s => Assert.Equal(default, s.ParentSpanId));
        Assert.Same(around, Activity.Current);
    }

    [Fact]
    public void An_operation_inside_another_is_its_child()
    {
        using var heard = new Listening("Microcosm.Tests.Inner");
        var telemetry = Telemetry("Microcosm.Tests.Inner");
        var exec = telemetry.Begin("redis.EXEC", "EXEC");
        telemetry.End(telemetry.Begin("redis.SET", "SET", exec), "ERR", "ERR no");
        telemetry.End(exec);
        var (set, outer) = (heard.Spans[0], heard.Spans[1]);
        Assert.Equal((outer.SpanId, outer.TraceId), (set.ParentSpanId, set.TraceId));
        Assert.Equal((ActivityStatusCode.Error, "ERR no", "ERR"), (set.Status, set.StatusDescription, set.GetTagItem("error.type")));
        Assert.Equal((1, 2), (heard.Sum("microcosm.operation.errors", "microcosm.node", "n-1"),
            heard.Sum("microcosm.operations", "microcosm.node", "n-1")));
    }

    [Fact]
    public void While_nobody_listens_there_are_no_spans_and_nothing_is_counted()
    {
        var telemetry = Telemetry("Microcosm.Tests.Silence");
        Assert.False(telemetry.IsObserved);
        Assert.False(telemetry.ConnectionOpened());
        using var heard = new Listening("Microcosm.Tests.Silence");
        Assert.True(telemetry.IsObserved);
        Assert.Empty(heard.Spans);
    }

    [Fact]
    public void Metrics_alone_allocate_nothing()
    {
        const string name = "Microcosm.Tests.Cheap";
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == name)
                l.EnableMeasurementEvents(instrument);
        };
        var measured = 0;
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measured++);
        listener.Start();
        var telemetry = Telemetry(name);
        telemetry.End(telemetry.Begin("redis.GET", "GET"), "ERR");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            telemetry.End(telemetry.Begin("redis.GET", "GET"), "ERR");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1001, measured);
    }

    [Fact]
    public void Connections_that_are_open_when_a_node_dies_are_open_no_more()
    {
        using var heard = new Listening("Microcosm.Tests.Connections");
        var telemetry = Telemetry("Microcosm.Tests.Connections");
        Assert.True(telemetry.ConnectionOpened() && telemetry.ConnectionOpened() && telemetry.ConnectionOpened());
        telemetry.ConnectionClosed();
        Assert.Equal(2, heard.Sum("microcosm.connections", "microcosm.node", "n-1"));
        telemetry.Over();
        telemetry.ConnectionClosed();
        Assert.Equal(0, heard.Sum("microcosm.connections", "microcosm.node", "n-1"));
    }

    private NodeTelemetry Telemetry(string name) => new(new SystemTelemetry(name, "redis", TelemetryConventions.Database), "n-1", _clock);
}
