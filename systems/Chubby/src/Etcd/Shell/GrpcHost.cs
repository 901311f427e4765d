using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// gRPC and HTTP by Kestrel, one of it a process: nodes of all worlds hand their connections to it, and each call finds its node by its
/// connection. A Kestrel a node would be left behind by every node that is killed. Only HTTP, TLS and gRPC run here; what a call does runs
/// on its node.
/// </summary>
internal sealed class GrpcHost
{
    // A backstop; etcd's own limit is lower and has its own words.
    private const int MessageBytesMax = 16 << 20;

    // RFC 9113 7: PROTOCOL_ERROR.
    private const int ProtocolError = 1;

    private static readonly Lazy<Task<GrpcHost>> Shared = new(StartAsync);

    // Without TLS nothing says which HTTP it is but the first bytes (etcd looks at them too); with it, ALPN does.
    private readonly HandedConnections _http1 = new("etcd http/1.1");
    private readonly HandedConnections _http2 = new("etcd h2");
    private readonly HandedConnections _tls = new("etcd tls");

    /// <summary>Serves a connection of a member until it ends. To be called on the node's executor.</summary>
    public static async Task ServeAsync(ConnectionContext connection, EtcdMember member, SslServerAuthenticationOptions? tls)
    {
        var handed = new HandedConnection(connection, member, member.Context.Executor.NextConnectionId(), tls);
        connection.Features.Set(handed);
        var host = await Shared.Value;
        var door = tls is not null ? host._tls : await IsHttp2Async(connection) ? host._http2 : host._http1;
        door.Hand(handed);
        await handed.Done;
    }

    private static async Task<GrpcHost> StartAsync()
    {
        var host = new GrpcHost();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(host.Configure);
        foreach (var door in new[] { host._http1, host._http2, host._tls })
            builder.Services.AddSingleton<IConnectionListenerFactory>(door);
        builder.Services.AddSingleton<IHostLifetime, Unattended>();
        builder.Services.AddSingleton<EtcdService>();
        builder.Services.AddSingleton<IServiceMethodProvider<EtcdService>, EtcdMethods>();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = MessageBytesMax);
        var application = builder.Build();
        application.Use(RefuseTimeout);
        application.UseRouting();
        application.Use(CountUnserved);
        application.MapGrpcService<EtcdService>();
        HttpEndpoints.Map(application);
        JsonGateway.Map(application);
        await application.StartAsync();
        return host;
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.MaxStreamsPerConnection = int.MaxValue;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(_http1.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(_http2.EndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            Repair(listen);
        });
        kestrel.Listen(_tls.EndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = static c => new(c.Connection.Features.Get<HandedConnection>()!.Tls!),
            });
            Repair(listen);
        });
    }

    private static void Repair(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Transport = new Repaired(connection.Transport);
        return next(connection);
    });

    // A deadline that cannot be read is none to go by: the stream ends, as with etcd, where ASP.NET Core would do without one.
    private static Task RefuseTimeout(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Headers.TryGetValue("grpc-timeout", out var timeout) || IsTimeout(timeout.ToString()))
            return next(context);
        if (context.Features.Get<IHttpResetFeature>() is { } stream)
            stream.Reset(ProtocolError);
        else
            context.Abort();
        return Task.CompletedTask;
    }

    // gRPC itself answers these as unimplemented.
    private static Task CountUnserved(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true
            && context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is null)
            context.Features.Get<HandedConnection>()!.Member.Context.Telemetry.Unserved(context.Request.Path.Value ?? "");
        return next(context);
    }

    // Up to eight digits and a unit (gRPC over HTTP/2, "Requests").
    private static bool IsTimeout(string text) =>
        text.Length is >= 2 and <= 9 && "HMSmun".Contains(text[^1]) && !text.AsSpan(0, text.Length - 1).ContainsAnyExceptInRange('0', '9');

    // RFC 9113 3.4: the preface begins with what is no method of HTTP/1. The bytes stay for whoever reads next.
    private static async ValueTask<bool> IsHttp2Async(ConnectionContext connection)
    {
        const int needed = 3;
        var input = connection.Transport.Input;
        long examined = 0;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(connection.ConnectionClosed);
                var buffer = result.Buffer;
                var isEnough = buffer.Length >= needed || result.IsCompleted || result.IsCanceled;
                var isHttp2 = isEnough && buffer.Slice(0, Math.Min(needed, buffer.Length)).ToArray().AsSpan().SequenceEqual("PRI"u8);
                // What counts as examined must not go back, and what is not examined is given again at once.
                var seen = isEnough ? examined : examined = buffer.Length;
                input.AdvanceTo(buffer.Start, buffer.GetPosition(seen));
                if (isEnough)
                    return isHttp2;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone without a word; Kestrel finds that too.
            return false;
        }
    }

    private sealed class Repaired(IDuplexPipe inner) : IDuplexPipe
    {
        public PipeReader Input { get; } = new AuthorityReader(inner.Input);

        public PipeWriter Output => inner.Output;
    }

    // The process is not this host's to end: signals are left alone.
    private sealed class Unattended : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
