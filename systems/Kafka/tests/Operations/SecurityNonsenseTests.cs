using Microcosm.Runtime;
using static Microcosm.Kafka.Tests.Operations.SecurityWorld;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>What makes no sense, from somebody who may do everything, does not end the broker.</summary>
public sealed class SecurityNonsenseTests
{
    private static readonly string[] Names = ["", "t", "*", "User:*", "user", "ip", "a\u0001", "=!", new('x', 32_000)];

    private readonly RandomStream _random = new Seed(3).Stream("nonsense");

    [Fact]
    public async Task The_broker_answers_or_closes_and_lives()
    {
        await using var world = await StartWithAclsAsync();
        for (var round = 0; round < 60; round++)
        {
            await using var client = await PlainAsync(world, "ann");
            try
            {
                await SendAsync(client, round % 6);
            }
            catch (EndOfStreamException)
            {
                // The broker closed: so be it.
            }
            var node = world.Node("kafka-1");
            Assert.Null(node.Failure);
            Assert.True(node.Restarts == 0, $"round {round}: {string.Join('\n', node.Log.Lines.Select(l => l.Message))}");
        }
        await using var after = await PlainAsync(world, "bob");
        Assert.Single((await AskAsync(after)).Brokers);
    }

    private Task SendAsync(RawClient client, int kind) => kind switch
    {
        0 => client.CallAsync<CreateAclsRequest, CreateAclsResponse>(new()
        {
            Creations = [new()
            {
                ResourceType = Code(), ResourceName = Name(), ResourcePatternType = Code(), Principal = Name(), Host = Name(),
                Operation = Code(), PermissionType = Code(),
            }],
        }, 3),
        1 => client.CallAsync<DescribeAclsRequest, DescribeAclsResponse>(new()
        {
            ResourceTypeFilter = Code(), ResourceNameFilter = Name(), PatternTypeFilter = Code(), PrincipalFilter = Name(),
            HostFilter = null, Operation = Code(), PermissionType = Code(),
        }, 3),
        2 => client.CallAsync<DeleteAclsRequest, DeleteAclsResponse>(new()
        {
            Filters = [new()
            {
                ResourceTypeFilter = Code(), ResourceNameFilter = Name(), PatternTypeFilter = Code(), PrincipalFilter = null,
                HostFilter = Name(), Operation = Code(), PermissionType = Code(),
            }],
        }, 3),
        3 => client.CallAsync<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>(
            new() { Users = [new() { Name = Name() }, new() { Name = Name() }] }, 0),
        4 => client.CallAsync<AlterClientQuotasRequest, AlterClientQuotasResponse>(new()
        {
            Entries = [new()
            {
                Entity = [new() { EntityType = Name(), EntityName = Name() }, new() { EntityType = "user", EntityName = Name() }],
                Ops = [new() { Key = Name(), Value = double.NaN }, new() { Key = "producer_byte_rate", Value = 1, Remove = true }],
            }],
        }, 1),
        _ => client.CallAsync<DescribeClientQuotasRequest, DescribeClientQuotasResponse>(
            new() { Components = [new() { EntityType = Name(), MatchType = Code(), Match = Name() }] }, 1),
    };

    private sbyte Code() => (sbyte)(_random.Next(5) == 0 ? _random.Next(-128, 128) : _random.Next(1, 5));

    private string Name() => _random.Pick(Names);
}
