namespace Microcosm.Http.Tests;

/// <summary>Which stream comes first (RFC 7540 section 5.3).</summary>
public sealed class Http2PriorityTests : Http2Test
{
    private const int WeightLow = 0;
    private const int WeightHigh = 255;

    [Fact]
    public void The_heavier_stream_is_sent_first()
    {
        OpenBlocked(1, 3);
        Prioritise(1, 0, WeightLow);
        Prioritise(3, 0, WeightHigh);
        Assert.Equal("3 1", Order());
    }

    [Fact]
    public void What_depends_on_a_stream_comes_after_it()
    {
        OpenBlocked(1, 3);
        Prioritise(1, 3, WeightHigh);
        Prioritise(3, 0, WeightLow);
        Assert.Equal("3 1", Order());
    }

    [Fact]
    public void An_exclusive_stream_comes_between()
    {
        OpenBlocked(1, 3, 5);
        Prioritise(5, 0, WeightLow, isExclusive: true);
        Prioritise(3, 5, WeightHigh);
        Assert.Equal("5 3 1", Order());
    }

    [Fact]
    public void A_stream_that_comes_to_depend_on_its_own_child_changes_places()
    {
        OpenBlocked(1, 3);
        Prioritise(3, 1, WeightLow);
        Prioritise(1, 3, WeightLow);
        Assert.Equal("3 1", Order());
    }

    [Fact]
    public void Weights_of_idle_streams_count_for_those_below_them()
    {
        OpenBlocked(1, 3);
        Prioritise(101, 0, WeightLow);
        Prioritise(103, 0, WeightHigh);
        Prioritise(1, 101, WeightHigh);
        Prioritise(3, 103, WeightLow + 9);
        Assert.Equal("3 1", Order());
    }

    [Fact]
    public void Many_idle_streams_are_forgotten_from_the_oldest_on()
    {
        var priorities = new Http2Priorities();
        priorities.Set(1, new Http2Dependency(0, 100, false));
        var open = priorities.Open(3, new Http2Dependency(1, 10, false));
        Assert.Equal(2, open.Rank);
        for (var stream = 5; stream < 5 + 2 * 40; stream += 2)
            priorities.Set(stream, new Http2Dependency(0, 16, false));
        Assert.Equal((1, 100), (open.Rank, open.Weight));
    }

    // Streams whose heads are out and whose bodies wait for a window.
    private void OpenBlocked(params int[] streams)
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, 4);
            e.Write("body"u8);
            e.End();
        };
        Open();
        SendSetting(Http2Setting.InitialWindowSize, 0);
        foreach (var stream in streams)
            SendHeaders(stream, Get);
        Frames();
    }

    private void Prioritise(int stream, uint on, int weight, bool isExclusive = false) =>
        Send(Http2FrameType.Priority, stream, 0,
            [isExclusive ? (byte)0x80 : (byte)0, (byte)(on >> 16), (byte)(on >> 8), (byte)on, (byte)weight]);

    private string Order()
    {
        SendSetting(Http2Setting.InitialWindowSize, 100);
        return string.Join(' ', Frames().Where(f => f.StartsWith("DATA ", StringComparison.Ordinal)).Select(f => f.Split(' ')[1]));
    }
}
