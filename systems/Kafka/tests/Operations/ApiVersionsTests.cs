using System.Globalization;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>A broker tells clients of what contract.txt lists, and of nothing else.</summary>
public sealed class ApiVersionsTests
{
    [Fact]
    public async Task Every_operation_that_clients_may_ask_is_told_with_its_versions()
    {
        await using var world = await World.StartAsync(
            w =>
            {
                w.AddKafka();
                w.Options.Ports = PortPolicy.None;
            },
            TestContext.Current.CancellationToken);
        await using var client = await RawClient.ConnectAsync(world);
        var told = (await client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0)).ApiKeys;
        Assert.Equal(
            KafkaOperations.Contract.Split('\n').Where(l => l.Contains(" key=") && !l.Contains(" isInternal=true"))
                .Select(l => (Field(l, "key"), Name(l) == "Produce" ? (short)0 : Field(l, "lowest"), Field(l, "highest"))).Order(),
            told.Select(a => (a.ApiKey, a.MinVersion, a.MaxVersion)));
    }

    private static string Name(string line) => line.Split(' ')[0];

    private static short Field(string line, string name) => short.Parse(
        line.Split(' ').First(w => w.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);
}
