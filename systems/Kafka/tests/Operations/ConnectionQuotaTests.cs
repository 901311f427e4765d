using System.Net;
using System.Net.Sockets;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>How fast an address may open connections (KIP-612), over real sockets.</summary>
public sealed class ConnectionQuotaTests
{
    private const int PerSecond = 1;

    // What a rate of one a second allows in the ten whole windows of a second over which it is measured.
    private const int Allowed = 10;

    [Fact]
    public async Task A_connection_too_many_is_not_answered_and_closed_after_its_time()
    {
        await using var world = await World.StartAsync(w => w.AddKafka(), TestContext.Current.CancellationToken);
        await using (var admin = await RawClient.ConnectAsync(world))
        {
            var answer = await admin.CallAsync<AlterClientQuotasRequest, AlterClientQuotasResponse>(new()
            {
                Entries = [new() { Entity = [new() { EntityType = "ip", EntityName = "127.0.0.1" }], Ops =
                    [new() { Key = "connection_creation_rate", Value = PerSecond }] }],
            }, 1);
            Assert.Equal(0, answer.Entries[0].ErrorCode);
        }
        world.Clock.Pause();
        for (var i = 0; i < Allowed; i++)
        {
            await using var client = await ConnectAsync(world, "127.0.0.1");
            await AskAsync(client);
        }
        await using var late = await ConnectAsync(world, "127.0.0.1");
        var asked = AskAsync(late);
        // Somebody else's is not counted with it, and what was asked before is answered before.
        await using var other = await ConnectAsync(world, "127.0.0.2");
        await AskAsync(other);
        Assert.False(asked.IsCompleted);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<IOException>(() => asked);
        world.Clock.Advance(TimeSpan.FromSeconds(Allowed));
        await using var later = await ConnectAsync(world, "127.0.0.1");
        await AskAsync(later);
    }

    private static async Task<RawClient> ConnectAsync(World world, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPEndPoint.Parse(world.System("kafka").ConnectionString), TestContext.Current.CancellationToken);
        return new RawClient(new NetworkStream(socket, ownsSocket: true));
    }

    private static Task<ApiVersionsResponse> AskAsync(RawClient client) =>
        client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 2);
}
