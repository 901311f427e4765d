using System.Net;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Microcosm.Redis.Tests;

/// <summary>Joins StackExchange.Redis to a world's fabric.</summary>
internal sealed class WorldTunnel(World world) : Tunnel
{
    public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        new((EndPoint?)null);

    public override async ValueTask<Stream?> BeforeAuthenticateAsync(
        EndPoint endpoint, ConnectionType connectionType, System.Net.Sockets.Socket? socket, CancellationToken cancellationToken)
    {
        var host = (DnsEndPoint)endpoint;
        return await world.ConnectAsync(new Runtime.NodeEndPoint(host.Host, host.Port), "app", cancellationToken);
    }
}
