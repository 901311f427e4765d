using Microcosm.Kafka.Tests.Storage;
using static Microcosm.Kafka.Tests.Operations.SecurityWorld;
using Ask = System.Func<Microcosm.Kafka.Tests.Operations.RawClient, System.Threading.Tasks.Task<short>>;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Every operation is refused to who has no ACL for it, and passed once there is one.</summary>
public sealed class AuthorizationTests
{
    private static readonly Dictionary<string, (AclOperation Operation, AclResourceType Type, Ask Ask)> Table = new()
    {
        ["Produce"] = (AclOperation.Write, AclResourceType.Topic, async c => (await c.CallAsync<ProduceRequest, ProduceResponse>(new()
        {
            Acks = 1, TimeoutMs = 10_000, TopicData = [new() { Name = "t", PartitionData = [new() { Records = Batch.Of("v") }] }],
        }, 11)).Responses[0].PartitionResponses[0].ErrorCode),
        ["Fetch"] = (AclOperation.Read, AclResourceType.Topic, async c => (await c.CallAsync<FetchRequest, FetchResponse>(new()
        {
            SessionEpoch = -1, MaxBytes = 1_000,
            Topics = [new() { Topic = "t", Partitions =
                [new() { PartitionMaxBytes = 1_000, CurrentLeaderEpoch = -1, LastFetchedEpoch = -1 }] }],
        }, 12)).Responses[0].Partitions[0].ErrorCode),
        ["ListOffsets"] = (AclOperation.Describe, AclResourceType.Topic, async c =>
            (await c.CallAsync<ListOffsetsRequest, ListOffsetsResponse>(
            new() { ReplicaId = -1, Topics = [new() { Name = "t", Partitions = [new() { Timestamp = -1, CurrentLeaderEpoch = -1 }] }] }, 7))
            .Topics[0].Partitions[0].ErrorCode),
        ["OffsetForLeaderEpoch"] = (AclOperation.Describe, AclResourceType.Topic, async c =>
            (await c.CallAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(
                new() { ReplicaId = -1, Topics = [new() { Topic = "t", Partitions = [new() { CurrentLeaderEpoch = -1 }] }] },
                    4)).Topics[0].Partitions[0].ErrorCode),
        ["DeleteRecords"] = (AclOperation.Delete, AclResourceType.Topic, async c =>
            (await c.CallAsync<DeleteRecordsRequest, DeleteRecordsResponse>(
            new() { TimeoutMs = 10_000, Topics = [new() { Name = "t", Partitions = [new() { Offset = 0 }] }] },
                2)).Topics[0].Partitions[0].ErrorCode),
        ["DescribeProducers"] = (AclOperation.Read, AclResourceType.Topic, async c =>
            (await c.CallAsync<DescribeProducersRequest, DescribeProducersResponse>(
                new() { Topics = [new() { Name = "t", PartitionIndexes = [0] }] }, 0)).Topics[0].Partitions[0].ErrorCode),
        ["Metadata"] = (AclOperation.Describe, AclResourceType.Topic, async c => (await c.CallAsync<MetadataRequest, MetadataResponse>(
            new() { Topics = [new() { Name = "t" }] }, 12)).Topics[0].ErrorCode),
        ["DescribeTopicPartitions"] = (AclOperation.Describe, AclResourceType.Topic, async c =>
            (await c.CallAsync<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(
                new() { Topics = [new() { Name = "t" }], ResponsePartitionLimit = 10 }, 0)).Topics[0].ErrorCode),
        ["CreateTopics"] = (AclOperation.Create, AclResourceType.Topic, async c =>
            (await c.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new() { TimeoutMs = 10_000, ValidateOnly = true, Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }] },
                7)).Topics[0].ErrorCode),
        ["DeleteTopics"] = (AclOperation.Delete, AclResourceType.Topic, async c =>
            (await c.CallAsync<DeleteTopicsRequest, DeleteTopicsResponse>(
            new() { TimeoutMs = 10_000, Topics = [new() { Name = "t" }] }, 6)).Responses[0].ErrorCode),
        ["CreatePartitions"] =
            (AclOperation.Alter, AclResourceType.Topic, async c => (await c.CallAsync<CreatePartitionsRequest, CreatePartitionsResponse>(
            new() { TimeoutMs = 10_000, Topics = [new() { Name = "t", Count = 2, Assignments = null }] }, 3)).Results[0].ErrorCode),
        ["ElectLeaders"] = (AclOperation.Alter, AclResourceType.Cluster, async c =>
            (await c.CallAsync<ElectLeadersRequest, ElectLeadersResponse>(
            new() { TimeoutMs = 10_000, TopicPartitions = null }, 2)).ErrorCode),
        ["AlterPartitionReassignments"] = (AclOperation.Alter, AclResourceType.Cluster, async c =>
            (await c.CallAsync<AlterPartitionReassignmentsRequest,
                AlterPartitionReassignmentsResponse>(new() { TimeoutMs = 10_000 }, 0)).ErrorCode),
        ["ListPartitionReassignments"] = (AclOperation.Describe, AclResourceType.Cluster, async c =>
            (await c.CallAsync<ListPartitionReassignmentsRequest,
                ListPartitionReassignmentsResponse>(new() { Topics = null }, 0)).ErrorCode),
        ["DescribeLogDirs"] = (AclOperation.Describe, AclResourceType.Cluster, async c =>
            (await c.CallAsync<DescribeLogDirsRequest, DescribeLogDirsResponse>(new() { Topics = null }, 4)).ErrorCode),
        ["DescribeQuorum"] = (AclOperation.Describe, AclResourceType.Cluster, async c =>
            (await c.CallAsync<DescribeQuorumRequest, DescribeQuorumResponse>(new(), 2)).ErrorCode),
        ["UpdateFeatures"] = (AclOperation.Alter, AclResourceType.Cluster, async c =>
            (await c.CallAsync<UpdateFeaturesRequest, UpdateFeaturesResponse>(new(), 2)).ErrorCode),
        ["DescribeConfigs"] = (AclOperation.DescribeConfigs, AclResourceType.Topic, c => DescribeConfigsAsync(c, 2, "t")),
        ["DescribeConfigs of a broker"] = (AclOperation.DescribeConfigs, AclResourceType.Cluster, c => DescribeConfigsAsync(c, 4, "1")),
        ["AlterConfigs"] = (AclOperation.AlterConfigs, AclResourceType.Topic, async c =>
            (await c.CallAsync<AlterConfigsRequest, AlterConfigsResponse>(
            new() { Resources = [new() { ResourceType = 2, ResourceName = "t" }] }, 2)).Responses[0].ErrorCode),
        ["IncrementalAlterConfigs of a broker"] = (AclOperation.AlterConfigs, AclResourceType.Cluster, async c =>
            (await c.CallAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(
                new() { Resources = [new() { ResourceType = 4, ResourceName = "1" }] }, 1)).Responses[0].ErrorCode),
        ["DescribeClientQuotas"] = (AclOperation.DescribeConfigs, AclResourceType.Cluster, async c =>
            (await c.CallAsync<DescribeClientQuotasRequest, DescribeClientQuotasResponse>(new(), 1)).ErrorCode),
        ["DescribeUserScramCredentials"] = (AclOperation.Describe, AclResourceType.Cluster, async c =>
            (await c.CallAsync<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>(new(), 0)).ErrorCode),
        ["FindCoordinator"] = (AclOperation.Describe, AclResourceType.Group, async c =>
            (await c.CallAsync<FindCoordinatorRequest,
                FindCoordinatorResponse>(new() { CoordinatorKeys = ["t"] }, 4)).Coordinators[0].ErrorCode),
        ["JoinGroup"] = (AclOperation.Read, AclResourceType.Group, async c => (await c.CallAsync<JoinGroupRequest, JoinGroupResponse>(
            new() { GroupId = "t", SessionTimeoutMs = 10_000 }, 7)).ErrorCode),
        ["SyncGroup"] = (AclOperation.Read, AclResourceType.Group, async c => (await c.CallAsync<SyncGroupRequest, SyncGroupResponse>(
            new() { GroupId = "t", ProtocolType = "consumer", ProtocolName = "range" }, 5)).ErrorCode),
        ["Heartbeat"] = (AclOperation.Read, AclResourceType.Group, async c => (await c.CallAsync<HeartbeatRequest, HeartbeatResponse>(
            new() { GroupId = "t" }, 4)).ErrorCode),
        ["LeaveGroup"] = (AclOperation.Read, AclResourceType.Group, async c => (await c.CallAsync<LeaveGroupRequest, LeaveGroupResponse>(
            new() { GroupId = "t" }, 4)).ErrorCode),
        ["OffsetCommit"] = (AclOperation.Read, AclResourceType.Group, async c =>
            (await c.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(
            new() { GroupId = "t", Topics = [new() { Name = "t", Partitions = [new()] }] }, 8)).Topics[0].Partitions[0].ErrorCode),
        ["OffsetFetch"] = (AclOperation.Describe, AclResourceType.Group, async c =>
            (await c.CallAsync<OffsetFetchRequest, OffsetFetchResponse>(
            new() { GroupId = "t" }, 7)).ErrorCode),
        ["DescribeAcls"] = (AclOperation.Describe, AclResourceType.Cluster, async c =>
            (await c.CallAsync<DescribeAclsRequest, DescribeAclsResponse>(
            new() { ResourceTypeFilter = 1, PatternTypeFilter = 1, Operation = 1, PermissionType = 1 }, 3)).ErrorCode),
    };

    public static TheoryData<string> Names() => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_refused_without_its_ACL_and_passed_with_it(string name)
    {
        var (operation, type, ask) = Table[name];
        var resource = type == AclResourceType.Cluster ? AclResources.ClusterName : "t";
        await using var world = await StartWithAclsAsync();
        await using var ann = await PlainAsync(world, "ann");
        await ann.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new() { TimeoutMs = 10_000, Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }] }, 7);
        await using var bob = await PlainAsync(world, "bob");
        var refusal = AclResources.Refusal(type);
        Assert.Equal(refusal, (KafkaError)await ask(bob));
        await AllowAsync(ann, operation == AclOperation.Describe ? AclOperation.Alter : AclOperation.Describe, AclResourceType.Topic,
            "other");
        Assert.Equal(refusal, (KafkaError)await ask(bob));
        await AllowAsync(ann, operation, type, resource);
        Assert.NotEqual(refusal, (KafkaError)await ask(bob));
    }

    [Fact]
    public async Task Topics_that_a_client_may_not_describe_are_left_out_and_rights_are_told()
    {
        await using var world = await StartWithAclsAsync();
        await using var ann = await PlainAsync(world, "ann");
        await using var bob = await PlainAsync(world, "bob");
        foreach (var topic in new[] { "t", "hidden" })
        {
            await ann.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
                new() { TimeoutMs = 10_000, Topics = [new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }] }, 7);
        }
        await AllowAsync(ann, AclOperation.Read, AclResourceType.Topic, "t");
        var all = await bob.CallAsync<MetadataRequest, MetadataResponse>(
            new() { Topics = null, IncludeTopicAuthorizedOperations = true, IncludeClusterAuthorizedOperations = true }, 10);
        var seen = Assert.Single(all.Topics);
        Assert.Equal(("t", 1 << (int)AclOperation.Read | 1 << (int)AclOperation.Describe), (seen.Name, seen.TopicAuthorizedOperations));
        Assert.Equal(0, all.ClusterAuthorizedOperations);
        var cluster = await ann.CallAsync<DescribeClusterRequest, DescribeClusterResponse>(
            new() { EndpointType = 1, IncludeClusterAuthorizedOperations = true }, 1);
        Assert.Equal(AclResources.AllOperations(AclResourceType.Cluster), cluster.ClusterAuthorizedOperations);
        var made = await bob.CallAsync<MetadataRequest,
            MetadataResponse>(new() { Topics = [new() { Name = "new" }], AllowAutoTopicCreation = true }, 12);
        Assert.Equal(KafkaError.TopicAuthorizationFailed, (KafkaError)made.Topics[0].ErrorCode);
    }

    [Fact]
    public async Task Offsets_of_topics_that_a_client_may_not_describe_are_refused_and_left_out_of_all()
    {
        await using var world = await StartWithAclsAsync();
        await using var ann = await PlainAsync(world, "ann");
        await using var bob = await PlainAsync(world, "bob");
        await AllowAsync(ann, AclOperation.Read, AclResourceType.Group, "g");
        await AllowAsync(ann, AclOperation.Describe, AclResourceType.Topic, "t");
        foreach (var topic in new[] { "t", "hidden" })
        {
            await ann.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
                new() { TimeoutMs = 10_000, Topics = [new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }] }, 7);
        }
        for (short error = -1; error != 0;)
        {
            // The coordinator comes into being when it is looked for.
            await ann.CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new() { CoordinatorKeys = ["g"] }, 4);
            var done = await ann.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(new()
            {
                GroupId = "g", GenerationIdOrMemberEpoch = -1,
                Topics = [.. new[] { "hidden", "t" }.Select(t => new OffsetCommitRequest.OffsetCommitRequestTopic
                    { Name = t, Partitions = [new() { CommittedOffset = 7 }] })],
            }, 8);
            error = done.Topics[0].Partitions[0].ErrorCode;
        }
        Assert.Equal("hidden:-1/29 t:7/0", await FetchAsync("hidden", "t"));
        Assert.Equal("t:7/0", await FetchAsync());

        async Task<string> FetchAsync(params string[] topics)
        {
            var group = new OffsetFetchRequest.OffsetFetchRequestGroup
            {
                GroupId = "g", MemberEpoch = -1,
                Topics = topics.Length == 0 ? null : [.. topics.Select(t => new OffsetFetchRequest.OffsetFetchRequestTopics
                    { Name = t, PartitionIndexes = [0] })],
            };
            var response = await bob.CallAsync<OffsetFetchRequest, OffsetFetchResponse>(new() { Groups = [group] }, 8);
            return string.Join(' ', response.Groups[0].Topics.OrderBy(t => t.Name)
                .Select(t => $"{t.Name}:{t.Partitions[0].CommittedOffset}/{t.Partitions[0].ErrorCode}"));
        }
    }

    [Fact]
    public async Task A_member_subscribes_only_to_topics_that_it_may_describe()
    {
        await using var world = await StartWithAclsAsync();
        await using var ann = await PlainAsync(world, "ann");
        await using var bob = await PlainAsync(world, "bob");
        await AllowAsync(ann, AclOperation.Read, AclResourceType.Group, "g");
        await AllowAsync(ann, AclOperation.Describe, AclResourceType.Topic, "t");
        Assert.Equal(KafkaError.TopicAuthorizationFailed, await JoinAsync("t", "hidden"));
        Assert.NotEqual(KafkaError.TopicAuthorizationFailed, await JoinAsync("t"));

        async Task<KafkaError> JoinAsync(params string[] topics) =>
            (KafkaError)(await bob.CallAsync<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(new()
            {
                GroupId = "g", MemberId = "m", RebalanceTimeoutMs = 1_000, SubscribedTopicNames = [.. topics], TopicPartitions = [],
            }, 1)).ErrorCode;
    }

    private static async Task<short> DescribeConfigsAsync(RawClient client, sbyte type, string name) =>
        (await client.CallAsync<DescribeConfigsRequest, DescribeConfigsResponse>(
            new() { Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = null }] }, 4)).Results[0].ErrorCode;

    private static async Task AllowAsync(RawClient admin, AclOperation operation, AclResourceType type, string name)
    {
        var answer = await admin.CallAsync<CreateAclsRequest, CreateAclsResponse>(new()
        {
            Creations =
            [
                new()
                {
                    ResourceType = (sbyte)type, ResourceName = name, ResourcePatternType = 3, Principal = "User:bob", Host = "*",
                    Operation = (sbyte)operation, PermissionType = 3,
                },
            ],
        }, 3);
        Assert.Equal(0, answer.Results[0].ErrorCode);
    }
}
