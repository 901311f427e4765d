using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.Chubby.Tests;

/// <summary>Limits, over every carrier.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    [InlineData(Carrier.Memory)]
    [Trait("Limit", "jute.maxbuffer")]
    public async Task A_packet_over_jute_maxbuffer_ends_the_connection_and_one_at_the_limit_is_taken(Carrier carrier)
    {
        await using var cell = await CarriedCell.StartAsync(carrier, o => o.JuteMaxBuffer = 4096);
        await using var client = await cell.ConnectAsync();
        // Header 8, path 6, length 4, ACL 27, flags 4.
        Assert.Equal(ZooError.Ok, (await CreateAsync(client, 4096 - 49)).Error);
        await Assert.ThrowsAnyAsync<IOException>(() => CreateAsync(client, 4096 - 48));
        await using var other = await cell.ConnectAsync();
        Assert.Equal(ZooError.Ok, (await other.AskAsync(OpCode.Ping)).Error);
    }

    [Theory]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    [InlineData(Carrier.Memory)]
    public async Task A_length_below_zero_ends_the_connection(Carrier carrier)
    {
        await using var cell = await CarriedCell.StartAsync(carrier);
        await using var client = await cell.ConnectAsync();
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, -5);
        await client.Stream.WriteAsync(length);
        await client.Stream.FlushAsync();
        await Assert.ThrowsAnyAsync<IOException>(client.ReadPacketAsync);
    }

    [Theory]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    [InlineData(Carrier.Memory)]
    [Trait("Limit", "maxClientCnxns")]
    public async Task The_connection_after_maxClientCnxns_is_closed(Carrier carrier)
    {
        await using var cell = await CarriedCell.StartAsync(carrier, o => o.MaxClientCnxns = 2);
        await using var first = await cell.ConnectAsync();
        await using var second = await cell.ConnectAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => cell.ConnectAsync());
        Assert.Equal(ZooError.Ok, (await first.AskAsync(OpCode.Ping)).Error);
    }

    [Theory]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    [InlineData(Carrier.Memory)]
    [Trait("Limit", "maxCnxns")]
    public async Task The_connection_after_maxCnxns_is_closed(Carrier carrier)
    {
        await using var cell = await CarriedCell.StartAsync(carrier, o => o.MaxCnxns = 2);
        await using var first = await cell.ConnectAsync();
        await using var second = await cell.ConnectAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => cell.ConnectAsync());
        Assert.Equal(ZooError.Ok, (await first.AskAsync(OpCode.Ping)).Error);
    }

    [Theory]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    [InlineData(Carrier.Memory)]
    public async Task A_client_that_asks_and_does_not_read_is_answered_as_it_reads(Carrier carrier)
    {
        await using var cell = await CarriedCell.StartAsync(carrier);
        await using var client = await cell.ConnectAsync();
        Assert.Equal(ZooError.Ok, (await CreateAsync(client, 1_000_000)).Error);
        const int count = 200;
        for (var i = 0; i < count; i++)
        {
            await client.SendRequestAsync(i, OpCode.GetData, w =>
            {
                w.String("/a");
                w.Bool(false);
            });
        }
        // What fits into the system's own buffers leaves at once.
        long sent;
        do
            sent = await SentAsync(cell, client);
        while (sent < 3);
        Assert.InRange(await SentAsync(cell, client), 3, count / 2);
        for (var i = 0; i < count; i++)
        {
            var reply = await client.ReadReplyAsync();
            // The data's length before it, the stat behind it.
            Assert.Equal((i, 1_000_072), (reply.Xid, reply.Body.Length));
        }
    }

    [Theory]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    [InlineData(Carrier.Memory)]
    public async Task A_watcher_that_does_not_read_its_events_is_cut_off(Carrier carrier)
    {
        await using var cell = await CarriedCell.StartAsync(carrier);
        await using var watcher = await cell.ConnectAsync();
        await using var writer = await cell.ConnectAsync();
        var path = "/" + new string('p', 500_000);
        Assert.Equal(ZooError.Ok, (await writer.AskAsync(OpCode.Create, w => Write(w, path, 1, 0))).Error);
        await watcher.AskAsync(OpCode.AddWatch, w =>
        {
            w.String(path);
            w.Int(0);
        });
        var session = $"sid=0x{watcher.SessionId:x},";
        for (var i = 0; (await cell.SayAsync("cons")).Contains(session, StringComparison.Ordinal); i++)
        {
            Assert.True(i < 1_000, "it is still there");
            Assert.Equal(ZooError.Ok, (await writer.AskAsync(OpCode.SetData, w =>
            {
                w.String(path);
                w.Buffer([1]);
                w.Int(-1);
            })).Error);
        }
    }

    [Fact]
    public async Task A_thousand_requests_at_once_are_answered_in_order_although_input_is_held_back()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Loop);
        await using var client = await cell.ConnectAsync();
        const int count = 3_000;
        for (var i = 0; i < count; i++)
            await client.SendRequestAsync(i, i % 2 == 0 ? OpCode.Ping : OpCode.Create, i % 2 == 0 ? null : w => Write(w, "/n", 1, 2));
        for (var i = 0; i < count; i++)
            Assert.Equal(i, (await client.ReadReplyAsync()).Xid);
    }

    [Theory]
    [InlineData("replicas", "2", "Invalid value '2' for replicas: 1, 3 or 5")]
    [InlineData("tickTime", "x", "Invalid value 'x' for tickTime: a number from 1 to 107374182")]
    [InlineData("snapCount", "1", "Invalid value '1' for snapCount: a number from 2 to 2147483647")]
    [InlineData("jute.maxbuffer", "1", "Invalid value '1' for jute.maxbuffer: a number from 1024 to 268435456")]
    public void An_option_out_of_its_limits_is_refused(string name, string value, string words) =>
        Assert.Equal(words, Assert.Throws<ArgumentException>(() => new ChubbyOptions().Set(name, value)).Message);

    private static async Task<long> SentAsync(CarriedCell cell, ZooKeeperClient client)
    {
        var counts = Regex.Match(await cell.SayAsync("cons"), $@"sent=(\d+),sid=0x{client.SessionId:x},");
        return long.Parse(counts.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static Task<ZooKeeperReply> CreateAsync(ZooKeeperClient client, int bytes) =>
        client.AskAsync(OpCode.Create, w => Write(w, "/a", bytes, 0));

    private static void Write(JuteWriter writer, string path, int bytes, int flags)
    {
        writer.String(path);
        writer.Buffer(new byte[bytes]);
        writer.Acl(AclEntry.Open);
        writer.Int(flags);
    }
}
