using Grpc.Core;
using Grpc.Net.Client;

namespace Microcosm.Nginx.Tests;

/// <summary>.NET's gRPC client and server, with grpc_pass between them.</summary>
[Trait("Client", "Grpc.Net.Client")]
public sealed class GrpcTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_pass_with_their_status_and_trailers(bool isTls)
    {
        await using var server = await EchoServer.StartAsync(isTls ? new TestCertificate("echo") : null);
        await using var nginx = await RunningNginx.StartAsync(
            $"http2 on; location / {{ grpc_pass {(isTls ? "grpcs" : "grpc")}://127.0.0.1:{server.Port}; }}");
        using var channel = ChannelTo(nginx);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(EchoServer.Say, null, new CallOptions(), "hello"u8.ToArray());
        Assert.Equal("hello"u8.ToArray(), await call.ResponseAsync);
        Assert.Equal("5", call.GetTrailers().GetValue("x-length"));
        var error = await Assert.ThrowsAsync<RpcException>(() => AskAsync(channel, []));
        Assert.Equal((StatusCode.InvalidArgument, "nothing was said"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Messages_larger_than_any_window_pass_both_ways()
    {
        await using var server = await EchoServer.StartAsync();
        await using var nginx = await RunningNginx.StartAsync(
            $"http2 on; client_max_body_size 0; location / {{ grpc_pass 127.0.0.1:{server.Port}; }}");
        using var channel = ChannelTo(nginx);
        var message = new byte[3_000_000];
        for (var i = 0; i < message.Length; i++)
            message[i] = (byte)(i * 31 >> 3);
        Assert.Equal(message, await AskAsync(channel, message));
    }

    [Fact]
    public async Task A_conversation_passes_message_by_message()
    {
        await using var server = await EchoServer.StartAsync();
        await using var nginx = await RunningNginx.StartAsync($"http2 on; location / {{ grpc_pass 127.0.0.1:{server.Port}; }}");
        using var channel = ChannelTo(nginx);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(EchoServer.Talk, null, new CallOptions());
        for (byte i = 1; i <= 20; i++)
        {
            await call.RequestStream.WriteAsync([i, i]);
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal([i, i], call.ResponseStream.Current);
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Connections_of_an_upstream_serve_one_call_after_another()
    {
        await using var server = await EchoServer.StartAsync();
        await using var nginx = await RunningNginx.StartWholeAsync(
            $"upstream u {{ server 127.0.0.1:{server.Port}; keepalive 1; }} "
            + "server { listen 127.0.0.1:PORT; http2 on; location / { grpc_pass u; } }");
        using var channel = ChannelTo(nginx);
        var connections = new HashSet<string?>();
        for (var i = 0; i < 5; i++)
        {
            using var call = channel.CreateCallInvoker().AsyncUnaryCall(EchoServer.Say, null, new CallOptions(), [1]);
            await call.ResponseAsync;
            connections.Add(call.GetTrailers().GetValue("x-connection"));
        }
        Assert.Single(connections);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        await using var nginx = await RunningNginx.StartAsync(
            $"http2 on; location / {{ grpc_pass 127.0.0.1:{ScriptedServer.FreePort()}; }}");
        using var channel = ChannelTo(nginx);
        var error = await Assert.ThrowsAsync<RpcException>(() => AskAsync(channel, [1]));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    private static GrpcChannel ChannelTo(RunningNginx nginx) => GrpcChannel.ForAddress($"http://127.0.0.1:{nginx.Port}");

    private static async Task<byte[]> AskAsync(GrpcChannel channel, byte[] message)
    {
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(EchoServer.Say, null, new CallOptions(), message);
        return await call.ResponseAsync;
    }
}
