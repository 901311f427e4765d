namespace Microcosm.Kafka.Tests.Clients;

/// <summary>librdkafka's SASL, by Debian's kcat over real sockets.</summary>
public sealed class KcatSaslTests
{
    [Fact]
    public async Task Records_are_produced_and_consumed_by_a_client_that_authenticates()
    {
        await using var world = await World.StartAsync(w => w.AddKafka(o => o.AddSaslUser("ann", "secret")));
        string[] who =
        [
            "-b", world.System("kafka").ConnectionString, "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanisms=PLAIN",
            "-X", "sasl.username=ann", "-X", "sasl.password=secret",
        ];
        await ForeignClient.KcatAsync("1\n", [.. who, "-P", "-t", "k"]);
        Assert.Equal("1\n", await ForeignClient.KcatAsync("", [.. who, "-C", "-t", "k", "-o", "beginning", "-e", "-q"]));
    }
}
