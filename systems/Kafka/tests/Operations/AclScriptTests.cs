using static Microcosm.Kafka.Tests.Operations.SecurityWorld;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>ACLs and quotas over connections.</summary>
public sealed class AclScriptTests
{
    [Fact]
    public async Task ACLs_are_created_described_and_deleted()
    {
        await using var world = await StartWithAclsAsync();
        await using var ann = await PlainAsync(world, "ann");
        var created = await ann.CallAsync<CreateAclsRequest, CreateAclsResponse>(
            new() { Creations = [Acl("t", 3), Acl("logs", 4), Acl("", 3), Acl("t", 3)] }, 3);
        Assert.Equal([0, 0, (short)KafkaError.InvalidRequest, 0], created.Results.Select(r => r.ErrorCode));
        Assert.Equal("Invalid empty resource name", created.Results[2].ErrorMessage);
        Assert.Equal("logs User:bob, t User:bob", await DescribeAsync(ann, null, 1));
        Assert.Equal("logs User:bob", await DescribeAsync(ann, "logs.today", 2));
        var deleted = await ann.CallAsync<DeleteAclsRequest, DeleteAclsResponse>(
            new() { Filters = [Filter("t", 3), Filter("none", 3), Filter("t", 99)] }, 3);
        Assert.Equal([0, 0, (short)KafkaError.InvalidRequest], deleted.FilterResults.Select(r => r.ErrorCode));
        Assert.Equal("t", Assert.Single(deleted.FilterResults[0].MatchingAcls).ResourceName);
        Assert.Empty(deleted.FilterResults[1].MatchingAcls);
        Assert.Equal("logs User:bob", await DescribeAsync(ann, null, 1));
    }

    [Fact]
    public async Task Who_may_not_alter_the_cluster_is_refused_until_an_ACL_allows_it()
    {
        await using var world = await StartWithAclsAsync();
        await using var ann = await PlainAsync(world, "ann");
        await using var bob = await PlainAsync(world, "bob");
        var request = new CreateAclsRequest { Creations = [Acl("t", 3)] };
        Assert.Equal(KafkaError.ClusterAuthorizationFailed, await CreateAsync(bob, request));
        Assert.Equal(KafkaError.None, await CreateAsync(ann, new()
        {
            Creations =
            [
                new()
                {
                    ResourceType = 4, ResourceName = "kafka-cluster", ResourcePatternType = 3, Principal = "User:bob", Host = "*",
                    Operation = 7, PermissionType = 3,
                },
            ],
        }));
        Assert.Equal(KafkaError.None, await CreateAsync(bob, request));

        static async Task<KafkaError> CreateAsync(RawClient client, CreateAclsRequest request) => (KafkaError)Assert.Single(
            (await client.CallAsync<CreateAclsRequest, CreateAclsResponse>(request, 3)).Results).ErrorCode;
    }

    [Fact]
    public async Task Without_an_authorizer_there_are_no_ACLs()
    {
        await using var world = await StartAsync(_ => { });
        await using var client = await RawClient.ConnectAsync(world);
        var created = Assert.Single((await client.CallAsync<CreateAclsRequest, CreateAclsResponse>(
            new() { Creations = [Acl("t", 3)] }, 3)).Results);
        Assert.Equal((KafkaError.SecurityDisabled, "No Authorizer is configured."), ((KafkaError)created.ErrorCode, created.ErrorMessage));
        var described = await client.CallAsync<DescribeAclsRequest, DescribeAclsResponse>(Any(null, 1), 3);
        Assert.Equal("No Authorizer is configured on the broker", described.ErrorMessage);
    }

    [Fact]
    public async Task Quotas_are_set_validated_and_described()
    {
        await using var world = await StartAsync(_ => { });
        await using var client = await RawClient.ConnectAsync(world);
        await AlterAsync(validateOnly: true);
        Assert.Empty(await DescribeAsync());
        await AlterAsync(validateOnly: false);
        Assert.Equal(["user=ann producer_byte_rate=5"], await DescribeAsync());

        async Task AlterAsync(bool validateOnly)
        {
            var answer = await client.CallAsync<AlterClientQuotasRequest, AlterClientQuotasResponse>(new()
            {
                ValidateOnly = validateOnly,
                Entries = [Quota("ann", "producer_byte_rate"), Quota("bob", "speed")],
            }, 1);
            Assert.Equal([0, (short)KafkaError.InvalidRequest], answer.Entries.Select(e => e.ErrorCode));
        }

        async Task<string[]> DescribeAsync()
        {
            var answer = await client.CallAsync<DescribeClientQuotasRequest, DescribeClientQuotasResponse>(new(), 1);
            return [.. answer.Entries!.Select(e =>
                $"{e.Entity[0].EntityType}={e.Entity[0].EntityName} {e.Values[0].Key}={e.Values[0].Value}")];
        }
    }

    private static AlterClientQuotasRequest.EntryData Quota(string user, string name) =>
        new() { Entity = [new() { EntityType = "user", EntityName = user }], Ops = [new() { Key = name, Value = 5 }] };

    private static async Task<string> DescribeAsync(RawClient client, string? name, sbyte pattern)
    {
        var answer = await client.CallAsync<DescribeAclsRequest, DescribeAclsResponse>(Any(name, pattern), 3);
        Assert.Equal(0, answer.ErrorCode);
        return string.Join(
            ", ", answer.Resources.Select(r => $"{r.ResourceName} {Assert.Single(r.Acls).Principal}").Order(StringComparer.Ordinal));
    }

    private static CreateAclsRequest.AclCreation Acl(string topic, sbyte pattern) => new()
    {
        ResourceType = 2, ResourceName = topic, ResourcePatternType = pattern, Principal = "User:bob", Host = "*", Operation = 3,
        PermissionType = 3,
    };

    private static DescribeAclsRequest Any(string? name, sbyte pattern) => new()
    {
        ResourceTypeFilter = 2, ResourceNameFilter = name, PatternTypeFilter = pattern, PrincipalFilter = null, HostFilter = null,
        Operation = 1, PermissionType = 1,
    };

    private static DeleteAclsRequest.DeleteAclsFilter Filter(string name, sbyte pattern) => new()
    {
        ResourceTypeFilter = 2, ResourceNameFilter = name, PatternTypeFilter = pattern, PrincipalFilter = null, HostFilter = null,
        Operation = 1, PermissionType = 1,
    };
}
