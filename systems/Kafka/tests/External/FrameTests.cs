using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.External;

/// <summary>What passes through the proxy, byte for byte, and what does not.</summary>
public sealed class FrameTests
{
    private const short UnknownKey = 999;

    [Fact]
    public async Task What_is_not_known_passes_as_it_is_in_both_directions()
    {
        var random = new Random(1);
        var (body, answer) = (new byte[3_000], new byte[5_000]);
        random.NextBytes(body);
        random.NextBytes(answer);
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, answer));
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        for (short version = 0; version < 3; version++)
        {
            Assert.Equal(answer, (await client.CallAsync(UnknownKey, body, version, isFlexible: false))[4..]);
            var received = broker.Received.Take();
            Assert.Equal([3, 0xe7, 0, (byte)version, 0, 0, 0, (byte)(version + 1), 0, 3, (byte)'r', (byte)'a', (byte)'w'], received[..13]);
            Assert.Equal(body, received[13..]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_reads_slowly_holds_the_broker_back(bool isPortable)
    {
        const int Requests = 24;
        var large = new byte[4 << 20];
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, request[13..]));
        await using var world = await Proxied.ProxyAsync(broker.Address, isPortable);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        var sent = SendAsync();
        for (var i = 0; i < Requests; i++)
        {
            Assert.Equal(large.Length, (await client.ReceiveAsync()).Length - 4);
            var inside = (ProxyInside)(await world.Node("kafka-proxy").InsideAsync())!;
            // What the pipe holds may come on top.
            Assert.InRange(Assert.Single(inside.Connections).PendingBytes, 0, 3 * SessionTransport.HighWaterBytes);
        }
        await sent;

        async Task SendAsync()
        {
            for (var i = 0; i < Requests; i++)
                await client.SendAsync(UnknownKey, large, 0, isFlexible: false);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Frames_of_any_size_pass(bool isPortable)
    {
        var large = new byte[48 << 20];
        new Random(2).NextBytes(large);
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, request[13..]));
        await using var world = await Proxied.ProxyAsync(broker.Address, isPortable);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        for (var round = 0; round < 2; round++)
        {
            var answer = await client.CallAsync(UnknownKey, large, 0, isFlexible: false);
            Assert.True(large.AsSpan().SequenceEqual(answer.AsSpan(4)));
        }
    }

    [Fact]
    public async Task Requests_that_are_sent_ahead_are_answered_in_their_order()
    {
        const int Requests = 3 * ProxyConnection.UnderWayMax;
        await using var both = await Proxied.StartAsync();
        await using var client = await both.ConnectAsync();
        for (var i = 0; i < Requests; i++)
        {
            // In between some that nobody answers, and some that the proxy answers.
            if (i % 5 == 0)
                await client.SendAsync(Produce.Key, MessageCodec.Encode(new ProduceRequest { Acks = 0 }, 9), 9, isFlexible: true);
            if (i % 7 == 0)
                await client.SendAsync(ApiVersions.Key, [], 99, isFlexible: false);
            await client.SendAsync(3, MessageCodec.Encode(new MetadataRequest { Topics = [] }, 9), 9, isFlexible: true);
        }
        var correlation = 0;
        for (var i = 0; i < Requests; i++)
        {
            correlation += i % 5 == 0 ? 1 : 0;
            if (i % 7 == 0)
                Assert.Equal(++correlation, BinaryPrimitives.ReadInt32BigEndian(await client.ReceiveAsync()));
            Assert.Equal(++correlation, BinaryPrimitives.ReadInt32BigEndian(await client.ReceiveAsync()));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task ApiVersions_offers_no_version_whose_addresses_cannot_be_rewritten(short version)
    {
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, new ApiVersionsResponse
        {
            ApiKeys =
            [
                Api(0, 0, 13), Api(1, 4, 18), Api(3, 0, 13), Api(32, 1, 40), Api(60, 2, 3), Api(78, 1, 1), Api(79, 1, 1),
                Api(UnknownKey, 0, 1),
            ],
            FinalizedFeaturesEpoch = 5,
        }, version));
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        var response = await client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(
            new() { ClientSoftwareName = "raw", ClientSoftwareVersion = "1" }, version);
        Assert.Equal([(0, 0, 12), (1, 4, 17), (3, 0, 12), (32, 1, 40), (UnknownKey, 0, 1)],
            response.ApiKeys.Select(a => ((int)a.ApiKey, (int)a.MinVersion, (int)a.MaxVersion)));
        Assert.Equal(5, response.FinalizedFeaturesEpoch);
        Assert.True(Proxied.Said(world, "ShareFetch is not offered to clients"));
        Assert.True(Proxied.Said(world, "DescribeCluster is not offered to clients: the cluster has it from version 2 on"));

        static ApiVersionsResponse.ApiVersion Api(short key, short lowest, short highest) =>
            new() { ApiKey = key, MinVersion = lowest, MaxVersion = highest };
    }

    [Fact]
    public async Task A_version_of_ApiVersions_that_is_not_known_is_answered_as_Kafka_does()
    {
        await using var broker = new FakeBroker(_ => null);
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        var frame = await client.CallAsync(ApiVersions.Key, [], 9, isFlexible: false);
        Assert.Equal([0, 0, 0, 1, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4], frame);
    }

    [Fact]
    public async Task An_old_broker_says_that_it_does_not_know_a_version_of_ApiVersions()
    {
        // As the mock cluster of librdkafka 2.0.2 says it, which is no version's form: clients look at the error only.
        byte[] unsupported = [0, 35, 1, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0];
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, unsupported));
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        var frame = await client.CallAsync(ApiVersions.Key, MessageCodec.Encode(new ApiVersionsRequest(), 4), 4, isFlexible: true);
        Assert.Equal(unsupported, frame[4..]);
    }

    [Theory]
    [InlineData(3, 13, "version 13 of Metadata is not offered")]
    [InlineData(78, 1, "ShareFetch is not offered")]
    public async Task A_request_whose_response_could_not_be_rewritten_is_not_passed_on(short key, short version, string why)
    {
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, 0));
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        await Assert.ThrowsAnyAsync<IOException>(() => client.CallAsync(key, [0, 0], version, isFlexible: true));
        Assert.True(Proxied.Said(world, why));
        Assert.Empty(broker.Received);
    }

    [Theory]
    [InlineData("ff ff ff ff", "size = -1")]
    [InlineData("00 00 00 02 00 03", "2 bytes do not fit into the 0 that are left")]
    [InlineData("00 00 00 0b 00 00 00 09 00 00 00 01 00 05 61", "5 bytes do not fit into the 1 that are left")]
    [InlineData("16 03 01 02 00 01 00 01", "the client speaks TLS, and listener.security.protocol is PLAINTEXT")]
    public async Task A_frame_that_makes_no_sense_ends_its_connection_and_no_other(string bytes, string why)
    {
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, 7));
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var other = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        await client.Stream.WriteAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        await Assert.ThrowsAnyAsync<IOException>(client.ReceiveAsync);
        Assert.True(Proxied.Said(world, why));
        Assert.Empty(broker.Received);
        Assert.Equal([7], (await other.CallAsync(UnknownKey, [], 0, isFlexible: false))[4..]);
    }

    public static TheoryData<string, byte[]> Nonsense() => new()
    {
        { "correlation id 258 instead of 1", [0, 0, 1, 2, 0] },
        { "size = 2", [0, 0] },
        { "An array of 9 elements does not fit into 1 bytes", [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 1] },
        { "broker 7 is at no place that there is: 'a b' port 1", Broker("a b", 1) },
        { "broker 7 is at no place that there is: 'a' port 0", Broker("a", 0) },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task A_broker_that_answers_nonsense_loses_its_client(string why, byte[] answer)
    {
        await using var broker = new FakeBroker(_ => answer);
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        await Assert.ThrowsAnyAsync<IOException>(() =>
            client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 5));
        Assert.True(Proxied.Said(world, why), string.Join('\n', world.Node("kafka-proxy").Log.Lines));
        Assert.Equal(0, world.Node("kafka-proxy").Restarts);
    }

    private static byte[] Broker(string host, int port) =>
        ProxyCall.Frame(1, new MetadataResponse { Brokers = [new() { NodeId = 7, Host = host, Port = port }] }, 5)[4..];
}
