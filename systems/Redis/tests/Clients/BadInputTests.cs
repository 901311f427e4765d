using System.Net;
using System.Net.Sockets;
using Microcosm.Redis.Tests.Persistence;

namespace Microcosm.Redis.Tests;

/// <summary>The table of bad input, to ours over every carrier and to the real server: the same bytes, the same end.</summary>
public sealed class BadInputTests
{
    [Theory, EveryCarrier]
    [Trait("Limit", "inline")]
    public async Task Ours_answers_bad_input_as_the_table_says(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier);
        await CheckAsync(carried.ConnectAsync);
    }

    [Theory, EveryCarrier]
    public async Task Ours_has_the_tight_limits_before_authentication(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier, o => o.RequirePass = "secret");
        await CheckAsync(carried.ConnectAsync, BadInput.ClosingBeforeAuthentication, closes: true);
    }

    [Fact]
    public async Task The_real_server_answers_bad_input_as_the_table_says()
    {
        await using var real = await RealRedis.StartAsync(Directory.CreateTempSubdirectory("microcosm-").FullName);
        async Task<Stream> ConnectAsync()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, real.Port);
            return new NetworkStream(socket, ownsSocket: true);
        }
        await using (var probe = await ConnectAsync())
        {
            await probe.SendAsync("INFO server\r\n");
            Assert.SkipUnless((await probe.ReadAsync("\r\n\r\n")).Text.Contains("redis_version:7.0."), "redis-server is not 7.0");
        }
        await CheckAsync(ConnectAsync);
        await using (var admin = await ConnectAsync())
            Assert.Equal("+OK\r\n", await admin.AskAsync("CONFIG SET requirepass secret\r\n"));
        await CheckAsync(ConnectAsync, BadInput.ClosingBeforeAuthentication, closes: true);
    }

    private static async Task CheckAsync(Func<Task<Stream>> connectAsync)
    {
        await CheckAsync(connectAsync, BadInput.Closing, closes: true);
        await CheckAsync(connectAsync, BadInput.GoingOn, closes: false);
        // Nothing can be heard of what waits; while all of them do, the server serves others, and each is still connected at the end.
        var waiting = new List<Stream>();
        foreach (var sent in BadInput.Waiting)
        {
            var stream = await connectAsync();
            waiting.Add(stream);
            await stream.SendAsync(sent);
        }
        await using var other = await connectAsync();
        Assert.Equal("+PONG\r\n", await other.AskAsync("PING\r\n"));
        await other.SendAsync("CLIENT LIST\r\n");
        var list = (await other.ReadAsync("\n\r\n")).Text;
        Assert.Equal(waiting.Count + 1, list.Split('\n').Count(l => l.StartsWith("id=", StringComparison.Ordinal)));
        foreach (var stream in waiting)
            await stream.DisposeAsync();
    }

    private static async Task CheckAsync(Func<Task<Stream>> connectAsync, (string Sent, string Answer)[] table, bool closes)
    {
        foreach (var (sent, answer) in table)
        {
            await using var stream = await connectAsync();
            await stream.SendAsync(closes ? sent : sent + "ECHO still-there\r\n");
            var wanted = closes ? answer : answer + "$11\r\nstill-there\r\n";
            var (text, closed) = await stream.ReadAsync(closes ? null : "still-there\r\n");
            var what = sent[..Math.Min(sent.Length, 60)].ReplaceLineEndings("|");
            // What a reset overtakes may be lost to the one who reads; what arrives is the answer.
            Assert.True(closes == closed && text == wanted, $"{what}\nwanted ({closes}): {wanted}\nseen ({closed}): {text}");
        }
    }
}
