using System.Text;
using Microcosm.Kafka.Tests.Core;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>One broker in memory, and clients that show who they are.</summary>
internal static class SecurityWorld
{
    public static Task<World> StartAsync(Action<KafkaOptions> configure) => World.StartAsync(w =>
    {
        w.Options.Ports = PortPolicy.None;
        w.AddKafka(configure);
    }, TestContext.Current.CancellationToken);

    /// <summary>Users ann, who may do everything, and bob; their passwords are their names.</summary>
    public static Task<World> StartWithAclsAsync() => StartAsync(o =>
    {
        o.AddSaslUser("ann", "ann");
        o.AddSaslUser("bob", "bob");
        o.Set("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        o.Set("super.users", "User:ann");
    });

    public static async Task<RawClient> PlainAsync(World world, string user, string? password = null)
    {
        var client = await RawClient.ConnectAsync(world);
        Assert.Equal(0, (await HandshakeAsync(client, "PLAIN")).ErrorCode);
        Assert.Equal(0, (await AuthenticateAsync(client, $"\0{user}\0{password ?? user}")).ErrorCode);
        return client;
    }

    /// <summary>A whole exchange; gives the last answer.</summary>
    public static async Task<SaslAuthenticateResponse> ScramAsync(RawClient client, string mechanism, ScramClient scram)
    {
        Assert.Equal(0, (await HandshakeAsync(client, mechanism)).ErrorCode);
        var first = await AuthenticateAsync(client, scram.First);
        return first.ErrorCode != 0 ? first : await AuthenticateAsync(client, scram.Final(Encoding.UTF8.GetString(first.AuthBytes.Span)));
    }

    public static Task<SaslHandshakeResponse> HandshakeAsync(RawClient client, string mechanism, short version = 1) =>
        client.CallAsync<SaslHandshakeRequest, SaslHandshakeResponse>(new() { Mechanism = mechanism }, version);

    public static Task<SaslAuthenticateResponse> AuthenticateAsync(RawClient client, string message) =>
        client.CallAsync<SaslAuthenticateRequest, SaslAuthenticateResponse>(new() { AuthBytes = Encoding.UTF8.GetBytes(message) }, 2);

    /// <summary>The broker answers; throws where it has closed the connection.</summary>
    public static Task<DescribeClusterResponse> AskAsync(RawClient client) =>
        client.CallAsync<DescribeClusterRequest, DescribeClusterResponse>(new() { EndpointType = 1 }, 1);
}
