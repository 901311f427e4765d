using Microcosm.Kafka.Tests.Wire;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Every version of every request that brokers serve, with fields that make sense and with fields that make none.</summary>
public sealed class AnyRequestTests
{
    private const int Rounds = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Served()
    {
        var names = new TheoryData<string>();
        foreach (var operation in KafkaOperations.All)
        {
            if (!operation.Declaration.IsInternal)
                names.Add(operation.Declaration.Name);
        }
        return names;
    }

    [Theory]
    [MemberData(nameof(Served))]
    public async Task Each_version_is_answered_in_its_own_form_or_the_connection_is_closed(string name)
    {
        await using var world = await World.StartAsync(w =>
        {
            w.Options.Ports = PortPolicy.None;
            w.AddKafka(o => o.Set("offsets.topic.num.partitions", "3"));
        }, TestContext.Current.CancellationToken);
        await MakeCoordinatorsAsync(world);
        world.Clock.Scale = 300;
        var (request, response) = (MessageCase.Named(name + "Request"), MessageCase.Named(name + "Response"));
        var declared = KafkaOperations.All.ToArray().First(o => o.Declaration.Name == name).Declaration;
        Assert.Equal(request.Highest, declared.Highest);
        Assert.InRange(declared.Lowest, request.Lowest, request.Highest);
        var random = new Seed(1).Stream(name);
        var answered = new HashSet<short>();
        for (var version = declared.Lowest; version <= declared.Highest; version++)
        {
            for (var round = 0; round < Rounds; round++)
            {
                var message = round == 0 ? request.Empty() : request.Fill(random, version);
                if (await TryCallAsync(world, declared, request.Encode(message, version), version) is { } frame)
                {
                    response.DecodeBehindHeader(frame, version);
                    answered.Add(version);
                }
                var node = world.Node("kafka-1");
                Assert.True(node.Restarts == 0 && node.Failure is null,
                    $"version {version}: {string.Join('\n', node.Log.Lines.Select(l => l.Message))}");
            }
        }
        Assert.Equal(declared.Highest - declared.Lowest + 1, answered.Count);
    }

    // Without the topics of coordinators there would be none here, and requests to them be refused before anybody looks at them.
    private static async Task MakeCoordinatorsAsync(World world)
    {
        await using var client = await RawClient.ConnectAsync(world);
        foreach (sbyte type in new[] { 0, 1 })
        {
            var found = await client.CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(
                new() { KeyType = type, CoordinatorKeys = ["any"] }, 6);
            Assert.Equal(1, found.Coordinators.Single().NodeId);
        }
    }

    // Null where the broker closed the connection, or has nothing to say for as long as the request itself asks it to wait.
    private static async Task<byte[]?> TryCallAsync(World world, KafkaOperationAttribute declared, byte[] body, short version)
    {
        await using var client = await RawClient.ConnectAsync(world);
        try
        {
            return await client.CallAsync(declared.Key, body, version, version >= declared.FlexibleFrom)
                .WaitAsync(Patience, world.Clock.Time, TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            return null;
        }
    }
}
