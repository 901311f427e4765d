using System.Text;
using Microcosm.Kafka.Tests.Operations;

namespace Microcosm.Kafka.Tests.External;

/// <summary>Clients authenticate with the cluster itself.</summary>
public sealed class ProxySaslTests
{
    [Fact]
    public async Task Who_has_authenticated_is_told_the_proxys_addresses()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        Assert.Equal(0, (await SecurityWorld.HandshakeAsync(client, "PLAIN")).ErrorCode);
        Assert.Equal(0, (await SecurityWorld.AuthenticateAsync(client, "\0ann\0ann")).ErrorCode);
        await CheckAsync(both, client);
    }

    // A length and the message, as before KIP-152.
    [Fact]
    public async Task Tokens_without_headers_pass_and_requests_after_them_are_read_again()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        Assert.Equal(0, (await SecurityWorld.HandshakeAsync(client, "PLAIN", version: 0)).ErrorCode);
        await SendTokenAsync(client, "\0ann\0ann");
        Assert.Empty(await client.ReceiveAsync());
        await CheckAsync(both, client);
    }

    [Fact]
    public async Task A_failure_is_the_clusters_to_tell()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        await SecurityWorld.HandshakeAsync(client, "PLAIN");
        Assert.Equal((short)KafkaError.SaslAuthenticationFailed, (await SecurityWorld.AuthenticateAsync(client, "\0ann\0no")).ErrorCode);
        await Assert.ThrowsAnyAsync<IOException>(client.ReceiveAsync);
        await using var other = await both.ConnectAsync();
        var refused = await SecurityWorld.HandshakeAsync(other, "GSSAPI", version: 0);
        Assert.Equal((short)KafkaError.UnsupportedSaslMechanism, refused.ErrorCode);
    }

    [Fact]
    public async Task A_mechanism_that_is_not_known_passes_unread_and_the_log_says_so()
    {
        await using var broker = new FakeBroker(request =>
            request is [0, 17, ..] ? FakeBroker.Answer(request, new SaslHandshakeResponse { Mechanisms = ["GSSAPI"] }, 0) : request);
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        await SecurityWorld.HandshakeAsync(client, "GSSAPI", version: 0);
        foreach (var token in (string[])["", "a", "\0\u0003\0\u000d"])
        {
            await SendTokenAsync(client, token);
            Assert.Equal(token, Encoding.UTF8.GetString(await client.ReceiveAsync()));
        }
        Assert.True(Proxied.Said(world, "A client authenticates by GSSAPI after SaslHandshake 0: its connection passes unread"));
    }

    private static Task<Proxied> StartAsync() => Proxied.StartAsync(1, o => o.AddSaslUser("ann", "ann"));

    private static async Task SendTokenAsync(RawClient client, string token) =>
        await client.Stream.WriteAsync((byte[])[0, 0, 0, (byte)token.Length, .. Encoding.UTF8.GetBytes(token)]);

    private static async Task CheckAsync(Proxied both, RawClient client)
    {
        var broker = Assert.Single((await SecurityWorld.AskAsync(client)).Brokers);
        var inside = (ProxyInside)(await both.Proxy.InsideAsync())!;
        Assert.Equal($"{broker.Host}:{broker.Port}", Assert.Single(inside.Brokers).Endpoint);
    }
}
