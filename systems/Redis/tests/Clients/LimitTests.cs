using System.Text;

namespace Microcosm.Redis.Tests;

/// <summary>Limits and greedy clients, over every carrier.</summary>
public sealed class LimitTests
{
    [Theory, EveryCarrier]
    [Trait("Limit", "maxclients")]
    public async Task The_client_after_maxclients_is_told_and_closed_and_a_freed_place_is_taken(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier, o => o.MaxClients = 2);
        await using var first = await carried.ConnectAsync();
        Assert.Equal("+PONG\r\n", await first.AskAsync("PING\r\n"));
        await using (var second = await carried.ConnectAsync())
        {
            Assert.Equal("+PONG\r\n", await second.AskAsync("PING\r\n"));
            await using var third = await carried.ConnectAsync();
            Assert.Equal(("-ERR max number of clients reached\r\n", true), await third.ReadAsync());
            Assert.Equal("+OK\r\n", await second.AskAsync("QUIT\r\n"));
            Assert.Equal(("", true), await second.ReadAsync());
        }
        Assert.Equal(1, await first.CountClientsAsync(1));
        await using var fourth = await carried.ConnectAsync();
        Assert.Equal("+PONG\r\n", await fourth.AskAsync("PING\r\n"));
    }

    [Theory, EveryCarrier]
    public async Task A_password_is_asked_for_and_checked(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier, o => o.RequirePass = "secret");
        await using var client = await carried.ConnectAsync();
        Assert.Equal("-NOAUTH Authentication required.\r\n", await client.AskAsync("GET k\r\n"));
        Assert.Equal("-WRONGPASS invalid username-password pair or user is disabled.\r\n", await client.AskAsync("AUTH guess\r\n"));
        Assert.Equal("+OK\r\n", await client.AskAsync("AUTH secret\r\n"));
        Assert.Equal("$-1\r\n", await client.AskAsync("GET k\r\n"));
        // The tight limits are gone.
        Assert.Equal("+OK\r\n", await client.AskAsync($"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$20000\r\n{new string('v', 20000)}\r\n"));
    }

    [Theory, EveryCarrier]
    public async Task A_subscriber_that_does_not_read_is_closed_at_its_limit(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier, o => o.Set("client-output-buffer-limit", "pubsub 1mb 0 0"));
        await using var slow = await carried.SubscribeAsync("news");
        await using var publisher = await carried.ConnectAsync();
        await PublishUntilNobodyHearsAsync(publisher, $"PUBLISH news {new string('x', 50_000)}\r\n");
    }

    [Theory, EveryCarrier]
    [Trait("Limit", "client-output-buffer-limit")]
    public async Task A_client_that_asks_and_never_reads_is_closed_at_its_limit(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier, o => o.Set("client-output-buffer-limit", "normal 1mb 0 0"));
        await using var watcher = await carried.ConnectAsync();
        Assert.Equal("+OK\r\n", await watcher.AskAsync($"SET k {new string('x', 60_000)}\r\n"));
        await using var slow = await carried.ConnectAsync();
        await slow.SendAsync("CLIENT ID\r\n");
        await slow.ReadAsync("\r\n");
        var asked = string.Concat(Enumerable.Repeat("GET k\r\n", 2000));
        // 120 MB of replies: more than any socket or pipe takes.
        await slow.SendAsync(asked);
        Assert.Equal(1, await watcher.CountClientsAsync(1));
        Assert.Equal("$5\r\nalive\r\n", await EchoAsync(watcher));
    }

    [Fact]
    public async Task A_soft_limit_closes_after_its_seconds_of_the_world()
    {
        await using var carried = await CarriedWorld.StartAsync(
            Carrier.Memory, o => o.Set("client-output-buffer-limit", "pubsub 0 1mb 60"));
        carried.World.Clock.Pause();
        await using var slow = await carried.SubscribeAsync("news");
        await using var publisher = await carried.ConnectAsync();
        var message = $"PUBLISH news {new string('x', 50_000)}\r\n";
        for (var i = 0; i < 100; i++)
            Assert.Equal(":1\r\n", await publisher.AskAsync(message));
        carried.World.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(":1\r\n", await publisher.AskAsync(message));
        carried.World.Clock.Advance(TimeSpan.FromSeconds(1));
        await PublishUntilNobodyHearsAsync(publisher, "PUBLISH news more\r\n");
    }

    [Theory, EveryCarrier]
    [Trait("Limit", "client-query-buffer-limit")]
    public async Task A_request_longer_than_client_query_buffer_limit_closes(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier, o => o.Set("client-query-buffer-limit", "1mb"));
        await using var client = await carried.ConnectAsync();
        Assert.Equal("+OK\r\n", await client.AskAsync($"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$900000\r\n{new string('v', 900_000)}\r\n"));
        await client.SendAsync($"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3000000\r\n{new string('v', 3_000_000)}\r\n");
        Assert.Equal(("", true), await client.ReadAsync());
        await using var other = await carried.ConnectAsync();
        Assert.Equal(":900000\r\n", await other.AskAsync("STRLEN k\r\n"));
    }

    [Theory, EveryCarrier]
    [Trait("Limit", "proto-max-bulk-len")]
    public async Task A_bulk_longer_than_proto_max_bulk_len_is_refused_before_it_comes(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier, o => o.Set("proto-max-bulk-len", "1mb"));
        await using var client = await carried.ConnectAsync();
        await client.SendAsync("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1048577\r\n");
        Assert.Equal(("-ERR Protocol error: invalid bulk length\r\n", true), await client.ReadAsync());
    }

    [Theory, EveryCarrier]
    public async Task A_request_of_many_arguments_is_read(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier);
        await using var client = await carried.ConnectAsync();
        var request = new StringBuilder("*200002\r\n$5\r\nRPUSH\r\n$1\r\nl\r\n");
        for (var i = 0; i < 200_000; i++)
            request.Append("$1\r\nx\r\n");
        Assert.Equal(":200000\r\n", await client.AskAsync(request.ToString()));
    }

    private static async Task PublishUntilNobodyHearsAsync(Stream publisher, string message)
    {
        var receivers = ":1\r\n";
        for (var i = 0; i < 10_000 && receivers == ":1\r\n"; i++)
            receivers = await publisher.AskAsync(message);
        Assert.Equal(":0\r\n", receivers);
    }

    private static async Task<string> EchoAsync(Stream stream)
    {
        await stream.SendAsync("ECHO alive\r\n");
        return (await stream.ReadAsync("alive\r\n")).Text;
    }
}
