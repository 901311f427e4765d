using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// gRPC by Kestrel, one of it a process: nodes of all worlds hand their connections to it, and each call finds its node by its connection.
/// A Kestrel a node would be left behind by every node that is killed. Only HTTP/2 and gRPC run here; what a call does runs on its node.
/// </summary>
internal sealed class GrpcHost
{
    // A backstop; etcd's own limit is lower and has its own words.
    private const int MessageBytesMax = 16 << 20;

    private static readonly Lazy<Task<HandedConnections>> Shared = new(StartAsync);

    /// <summary>Serves a connection of a member until it ends. To be called on the node's executor.</summary>
    public static async Task ServeAsync(ConnectionContext connection, EtcdMember member)
    {
        var handed = new HandedConnection(connection, member, member.Context.Executor.NextConnectionId());
        connection.Features.Set(handed);
        (await Shared.Value).Hand(handed);
        await handed.Done;
    }

    private static async Task<HandedConnections> StartAsync()
    {
        var connections = new HandedConnections();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = int.MaxValue;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(HandedConnections.Address, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton<IConnectionListenerFactory>(connections);
        builder.Services.AddSingleton<IHostLifetime, Unattended>();
        builder.Services.AddSingleton<EtcdService>();
        builder.Services.AddSingleton<IServiceMethodProvider<EtcdService>, EtcdMethods>();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = MessageBytesMax);
        var application = builder.Build();
        application.MapGrpcService<EtcdService>();
        await application.StartAsync();
        return connections;
    }

    // The process is not this host's to end: signals are left alone.
    private sealed class Unattended : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
