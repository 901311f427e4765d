using System.Net.Sockets;
using static Microcosm.Runtime.Tests.DisturbedNetwork;

namespace Microcosm.Runtime.Tests;

/// <summary>Rules at the depths connect and bytes, on every carrier.</summary>
public sealed class ConnectionFaultTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<Carrier> Carriers => [Carrier.Memory, Carrier.Loop, Carrier.Kestrel];

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task The_third_connection_is_refused_and_no_other(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        network.Faults.Add("connect.echo node=echo-1 client=client nth=3 refuse");
        for (var i = 1; i <= 5; i++)
        {
            if (i == 3)
                await AssertRefusedAsync(network);
            else
                Assert.Equal("a\n", await EchoAsync(await network.ConnectAsync(), "a\n"));
        }
        var fired = Assert.Single(network.Faults.Fired);
        Assert.Equal(("connect.echo", "echo-1", 3, 3), (fired.Operation, fired.Node, fired.Ordinal, fired.ConnectionId));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_rule_for_other_systems_nodes_or_clients_refuses_nobody(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        foreach (var rule in (string[])["connect.redis refuse", "connect.* node=echo-2 refuse", "connect.* client=app refuse"])
            network.Faults.Add(rule);
        Assert.Equal("a\n", await EchoAsync(await network.ConnectAsync(), "a\n"));
        Assert.Empty(network.Faults.Fired);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_black_hole_answers_when_its_rule_is_removed(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var rule = network.Faults.Add("connect.echo limit=1 black-hole");
        var echo = ConnectAndEchoAsync(network);
        await network.SettleAsync();
        Assert.False(echo.IsCompleted);
        Assert.Equal("a\n", await ConnectAndEchoAsync(network));
        Assert.False(echo.IsCompleted);
        network.Faults.Remove(rule.Id);
        Assert.Equal("a\n", await echo.WaitAsync(Patience));
    }

    [Fact]
    public async Task Who_connects_into_a_black_hole_in_memory_may_give_up()
    {
        await using var network = await StartAsync(Carrier.Memory);
        network.Faults.Add("connect.echo black-hole");
        using var cancel = new CancellationTokenSource();
        var connecting = network.ConnectAsync(cancel.Token);
        await network.SettleAsync();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(Patience));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_late_direction_is_late_by_its_latency(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        network.Faults.Add("bytes.echo up latency=70ms");
        network.Faults.Add("bytes.echo down latency=200ms");
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await network.RunAsync(EchoAsync(stream, "a\n")));
        Assert.True(network.Elapsed >= TimeSpan.FromMilliseconds(270), $"{network.Elapsed}");
        Assert.Equal(2, network.Faults.Fired.Count);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_throttled_direction_takes_the_time_of_its_bytes(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        network.Faults.Add("bytes.echo down throttle=1kb");
        var stream = await network.ConnectAsync();
        var text = new string('x', 10_239) + "\n";
        Assert.Equal(text, await network.RunAsync(EchoAsync(stream, text)));
        Assert.True(network.Elapsed >= TimeSpan.FromSeconds(9.9), $"{network.Elapsed}");
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task Clearing_rules_lets_what_they_held_back_through_at_once(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        network.Faults.Add("bytes.echo latency=1000s");
        network.Faults.Add("bytes.echo throttle=1");
        var stream = await network.ConnectAsync();
        var echo = EchoAsync(stream, "hello\n");
        await network.TimerAsync();
        network.Faults.Clear();
        Assert.Equal("hello\n", await echo.WaitAsync(Patience));
        Assert.Equal("again\n", await EchoAsync(stream, "again\n").WaitAsync(Patience));
        Assert.Equal(TimeSpan.Zero, network.Elapsed);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_bytes_rule_leaves_open_connections_alone(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        network.Faults.Add("bytes.echo cut-after=1");
        Assert.Equal("hello\n", await EchoAsync(stream, "hello\n"));
        Assert.Empty(network.Faults.Fired);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_reply_is_cut_after_five_bytes(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        network.Faults.Add("bytes.echo down cut-after=5");
        var stream = await network.ConnectAsync();
        await WriteAsync(stream, "hello, world\n");
        Assert.Equal("hello", await ReadAsync(stream, 100));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_request_is_cut_after_six_bytes_and_what_came_is_answered(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        network.Faults.Add("bytes.echo up cut-after=6");
        var stream = await network.ConnectAsync();
        await WriteAsync(stream, "hello\nworld\n");
        Assert.Equal("hello\n", await ReadAsync(stream, 100));
    }

    [Theory]
    [InlineData(Carrier.Memory, "up")]
    [InlineData(Carrier.Memory, "down")]
    [InlineData(Carrier.Loop, "up")]
    [InlineData(Carrier.Loop, "down")]
    [InlineData(Carrier.Kestrel, "up")]
    [InlineData(Carrier.Kestrel, "down")]
    public async Task A_connection_is_reset_after_six_bytes(Carrier carrier, string direction)
    {
        await using var network = await StartAsync(carrier);
        network.Faults.Add($"bytes.echo {direction} reset-after=6");
        var stream = await network.ConnectAsync();
        Assert.Equal("abc\n", await EchoAsync(stream, "abc\n"));
        await WriteAsync(stream, "hello\n");
        // Of what is on its way a reset may take some with it, as in TCP.
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(stream, 100));
        Assert.Equal("ok\n", await EchoAfterClearAsync(network));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_rule_that_is_cleared_in_time_cuts_nothing(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        network.Faults.Add("bytes.echo cut-after=4");
        network.Faults.Add("bytes.echo reset-after=5");
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        network.Faults.Clear();
        Assert.Equal("hello, world\n", await EchoAsync(stream, "hello, world\n"));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_seed_takes_the_same_connections_again(Carrier carrier)
    {
        var first = await RefusedAsync(carrier);
        Assert.Equal(first, await RefusedAsync(carrier));
        Assert.Contains(true, first);
        Assert.Contains(false, first);
    }

    private static async Task<List<bool>> RefusedAsync(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        network.Faults.Add("connect.echo p=0.4 refuse");
        var refused = new List<bool>();
        for (var i = 0; i < 12; i++)
        {
            try
            {
                refused.Add(await ConnectAndEchoAsync(network) != "a\n");
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                refused.Add(true);
            }
        }
        return refused;
    }

    private static async Task AssertRefusedAsync(DisturbedNetwork network)
    {
        var error = await Record.ExceptionAsync(() => ConnectAndEchoAsync(network));
        var socket = error as SocketException ?? Assert.IsAssignableFrom<IOException>(error).InnerException as SocketException;
        var code = socket?.SocketErrorCode;
        Assert.True(code is SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.Shutdown, $"{error}");
    }

    private static async Task<string> ConnectAndEchoAsync(DisturbedNetwork network) => await EchoAsync(await network.ConnectAsync(), "a\n");

    private static async Task<string> EchoAfterClearAsync(DisturbedNetwork network)
    {
        network.Faults.Clear();
        return await EchoAsync(await network.ConnectAsync(), "ok\n");
    }
}
