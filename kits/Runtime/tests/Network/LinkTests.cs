using static Microcosm.Runtime.Tests.DisturbedNetwork;

namespace Microcosm.Runtime.Tests;

/// <summary>Links act on clients in memory and over real sockets alike.</summary>
public sealed class LinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<Carrier> Carriers => [Carrier.Memory, Carrier.Loop, Carrier.Kestrel];

    public static TheoryData<Carrier, string, string> CutDirections => new(
        from carrier in Enum.GetValues<Carrier>()
        from way in ((string, string)[])[("client", "echo-1"), ("echo-1", "client"), ("*", "echo-1"), ("echo-1", "*")]
        select (carrier, way.Item1, way.Item2));

    [Theory]
    [MemberData(nameof(CutDirections))]
    public async Task A_cut_direction_keeps_bytes_until_it_heals(Carrier carrier, string from, string to)
    {
        await using var network = await StartAsync(carrier);
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        network.Links.Set(from, to, new LinkState(IsCut: true));
        var echo = EchoAsync(stream, "b\n");
        await network.SettleAsync();
        Assert.False(echo.IsCompleted);
        network.Links.HealAll();
        Assert.Equal("b\n", await echo);
        Assert.Equal("c\n", await EchoAsync(stream, "c\n"));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_new_connection_hangs_while_its_link_is_cut(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        network.Links.Cut("echo-1", "client");
        var echo = ConnectAndEchoAsync(network, "a\n");
        await network.SettleAsync();
        Assert.False(echo.IsCompleted);
        network.Links.Heal("echo-1", "client");
        Assert.Equal("a\n", await echo.WaitAsync(Patience));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task Much_that_was_sent_into_a_cut_link_arrives_whole_after_it_heals(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        network.Links.Cut("echo-1", "client");
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i}\n"));
        var writing = WriteAsync(stream, text);
        await network.SettleAsync();
        network.Links.Slow("echo-1", "client", latencyMs: 5);
        Assert.Equal(text, await network.RunAsync(ReadAsync(stream, text.Length)));
        await writing;
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task The_end_of_a_connection_is_kept_back_too(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        network.Links.Set("echo-1", "client", new LinkState(IsCut: true));
        await WriteAsync(stream, "bye\n");
        // The session closes when it has answered this.
        await WriteAsync(stream, ".\n");
        var rest = ReadAsync(stream, 100);
        await network.SettleAsync();
        Assert.False(rest.IsCompleted);
        network.Links.HealAll();
        Assert.Equal("bye\n.\n", await rest);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_slow_link_takes_its_latency_each_way_on_the_worlds_clock(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        network.Links.Slow("client", "echo-1", latencyMs: 50, jitterMs: 10);
        Assert.Equal("b\n", await network.RunAsync(EchoAsync(stream, "b\n")));
        Assert.True(network.Elapsed >= TimeSpan.FromMilliseconds(100), $"{network.Elapsed}");
        network.Links.HealAll();
        var before = network.Elapsed;
        Assert.Equal("c\n", await EchoAsync(stream, "c\n").WaitAsync(Patience));
        Assert.Equal(before, network.Elapsed);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_narrow_link_takes_the_time_of_its_bytes(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        network.Links.Set("client", "echo-1", new LinkState(BytesPerSecond: 1000));
        var text = new string('x', 9_999) + "\n";
        Assert.Equal(text, await network.RunAsync(EchoAsync(stream, text)));
        Assert.True(network.Elapsed >= TimeSpan.FromSeconds(9.9), $"{network.Elapsed}");
    }

    [Theory]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    public async Task A_node_that_dies_behind_a_cut_link_resets_its_sockets(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var open = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(open, "a\n"));
        network.Links.Cut("echo-1", "client");
        var hanging = await network.ConnectAsync();
        await network.SettleAsync();
        network.Kill("echo-1");
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(open, 1));
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(hanging, 1));
    }

    private static async Task<string> ConnectAndEchoAsync(DisturbedNetwork network, string text) =>
        await EchoAsync(await network.ConnectAsync(), text);
}
