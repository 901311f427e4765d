using System.Net;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Microcosm.Nginx.Tests;

/// <summary>A gRPC server of .NET: it gives back what it gets, message by message.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    public static readonly Method<byte[], byte[]> Say = MethodOf(MethodType.Unary, "Say");
    public static readonly Method<byte[], byte[]> Talk = MethodOf(MethodType.DuplexStreaming, "Talk");

    private readonly WebApplication _application;

    private EchoServer(WebApplication application) => _application = application;

    public int Port =>
        new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>Starts one, over TLS where there is a certificate.</summary>
    public static async Task<EchoServer> StartAsync(TestCertificate? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
                listen.UseHttps(certificate.Certificate);
        }));
        builder.Services.AddSingleton<Service>();
        builder.Services.AddSingleton<IServiceMethodProvider<Service>, Methods>();
        builder.Services.AddGrpc();
        var application = builder.Build();
        application.UseRouting();
        application.MapGrpcService<Service>();
        await application.StartAsync();
        return new EchoServer(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static Method<byte[], byte[]> MethodOf(MethodType type, string name)
    {
        var bytes = Marshallers.Create(static b => b, static b => b);
        return new Method<byte[], byte[]>(type, "test.Echo", name, bytes, bytes);
    }

    private sealed class Service;

    private sealed class Methods : IServiceMethodProvider<Service>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Service> context)
        {
            context.AddUnaryMethod(Say, [], static (_, message, call) =>
            {
                call.ResponseTrailers.Add("x-length", $"{message.Length}");
                call.ResponseTrailers.Add("x-connection", call.GetHttpContext().Connection.Id);
                return message.Length > 0 ? Task.FromResult(message)
                    : throw new RpcException(new Status(StatusCode.InvalidArgument, "nothing was said"));
            });
            context.AddDuplexStreamingMethod(Talk, [], static async (_, requests, responses, call) =>
            {
                while (await requests.MoveNext(call.CancellationToken))
                    await responses.WriteAsync(requests.Current, call.CancellationToken);
            });
        }
    }
}
