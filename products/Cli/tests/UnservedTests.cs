using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Microcosm.Cli.Tests;

/// <summary>What clients ask for in vain, of systems whose protocol is not text.</summary>
public sealed class UnservedTests
{
    // ShareGroupHeartbeat, version 1, correlation 7, no client.
    private static readonly byte[] ShareGroup = [0, 76, 0, 1, 0, 0, 0, 7, 0xff, 0xff];

    // Fetch of a version that no Kafka has.
    private static readonly byte[] FetchToCome = [0, 1, 0, 99, 0, 0, 0, 8, 0xff, 0xff];

    // ZooKeeper's ConnectRequest: version, zxid, time-out of 30 s, session, no password; then xid 1, type 999.
    private static readonly byte[] Hello = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x75, 0x30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] OfNoType = [0, 0, 0, 1, 0, 0, 3, 0xe7];

    [Fact]
    public async Task Keys_types_and_methods_are_counted()
    {
        await using var up = await CosmUp.StartAsync("kafka", "chubby");
        await SendAsync(up, "kafka", ShareGroup);
        await SendAsync(up, "kafka", FetchToCome);
        await SendAsync(up, "chubby", Hello, OfNoType);
        await CallAsync(up, "/etcdserverpb.KV/Nothing");
        await CallAsync(up, "/etcdserverpb.KV/Nothing");
        Assert.Equal(
            ["etcd./etcdserverpb.KV/Nothing 2", "kafka.Fetch v99 1", "kafka.key 76 1", "zookeeper.type 999 1"],
            (await up.AskAsync("unserved")).AsArray().Select(o => $"{o!["operation"]} {o["asked"]}"));
    }

    // Frames of a length; the server ends the connection over the last one.
    private static async Task SendAsync(CosmUp up, string system, params byte[][] frames)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse((string)up.Said["systems"]![system]!["endpoints"]![0]!));
        var stream = client.GetStream();
        foreach (var frame in frames)
        {
            var bytes = new byte[4 + frame.Length];
            BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
            frame.CopyTo(bytes, 4);
            await stream.WriteAsync(bytes);
        }
        await stream.CopyToAsync(Stream.Null).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static async Task CallAsync(CosmUp up, string method)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{up.Said["systems"]!["etcd"]!["endpoints"]![0]}{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        using var response = await client.SendAsync(request);
        Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
    }
}
