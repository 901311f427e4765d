namespace Microcosm.Kafka;

/// <summary>OffsetFetch: committed offsets of a group, from version 8 on of several. Topics that the client may not describe are refused
/// where it names them, and left out where it asks for all.</summary>
internal static class OffsetFetch
{
    [KafkaOperation("OffsetFetch", 9, 1, 9, FlexibleFrom = 6)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<OffsetFetchRequest>();
        if (call.Version >= 8)
        {
            var groups = await Task.WhenAll(request.Groups.Select(g => FetchAsync(call, g, request.RequireStable)));
            call.Reply(new OffsetFetchResponse { Groups = [.. groups] });
            return;
        }
        var group = await FetchAsync(call, new()
        {
            GroupId = request.GroupId,
            Topics = request.Topics?.Select(t => new OffsetFetchRequest.OffsetFetchRequestTopics
                { Name = t.Name, PartitionIndexes = t.PartitionIndexes }).ToList(),
        }, request.RequireStable);
        call.Reply(Old(call, request, group));
    }

    private static Task<OffsetFetchResponse.OffsetFetchResponseGroup> FetchAsync(
        KafkaCall call, OffsetFetchRequest.OffsetFetchRequestGroup group, bool isStable)
    {
        var done = new TaskCompletionSource<OffsetFetchResponse.OffsetFetchResponseGroup>();
        if (call.Check(AclOperation.Describe, AclResourceType.Group, group.GroupId) is var refused && refused != KafkaError.None)
        {
            done.SetResult(new() { GroupId = group.GroupId, ErrorCode = (short)refused });
            return done.Task;
        }
        if (call.Broker.Groups.Find(group.GroupId) is not { } slot)
        {
            done.SetResult(new() { GroupId = group.GroupId, ErrorCode = (short)KafkaError.NotCoordinator });
            return done.Task;
        }
        var wanted = group.Topics?.Where(t => MayDescribe(call, t.Name))
            .SelectMany(t => t.PartitionIndexes.Select(p => new TopicPartition(t.Name, p))).ToList();
        slot.Run((shard, _) => shard.Offsets.Fetch(group.GroupId, wanted, isStable, (error, offsets) => done.SetResult(new()
        {
            GroupId = group.GroupId,
            ErrorCode = (short)error,
            Topics =
            [
                .. offsets.GroupBy(o => o.Partition.Topic).Where(t => MayDescribe(call, t.Key)).Select(
                    t => new OffsetFetchResponse.OffsetFetchResponseTopics
                    {
                        Name = t.Key,
                        Partitions = [.. t.Select(o => new OffsetFetchResponse.OffsetFetchResponsePartitions
                        {
                            PartitionIndex = o.Partition.Partition, CommittedOffset = o.Offset, CommittedLeaderEpoch = o.LeaderEpoch,
                            Metadata = o.Metadata, ErrorCode = (short)o.Error,
                        })],
                    }),
                .. error == KafkaError.None ? Refused(call, group) : [],
            ],
        }), group.MemberId, group.MemberEpoch));
        return done.Task;
    }

    private static bool MayDescribe(KafkaCall call, string topic) => call.May(AclOperation.Describe, AclResourceType.Topic, topic);

    private static IEnumerable<OffsetFetchResponse.OffsetFetchResponseTopics> Refused(
        KafkaCall call, OffsetFetchRequest.OffsetFetchRequestGroup group) =>
        (group.Topics ?? []).Where(t => !MayDescribe(call, t.Name)).Select(t => new OffsetFetchResponse.OffsetFetchResponseTopics
        {
            Name = t.Name,
            Partitions = [.. t.PartitionIndexes.Select(p => new OffsetFetchResponse.OffsetFetchResponsePartitions
            {
                PartitionIndex = p, CommittedOffset = -1, CommittedLeaderEpoch = -1, Metadata = "",
                ErrorCode = (short)KafkaError.TopicAuthorizationFailed,
            })],
        });

    // Version 1 has no error for the whole: it stands at each partition.
    private static OffsetFetchResponse Old(
        KafkaCall call, OffsetFetchRequest request, OffsetFetchResponse.OffsetFetchResponseGroup group)
    {
        var error = group.ErrorCode;
        var topics = error != 0 && call.Version < 2
            ? [.. (request.Topics ?? []).Select(t => new OffsetFetchResponse.OffsetFetchResponseTopic
            {
                Name = t.Name,
                Partitions = [.. t.PartitionIndexes.Select(p => new OffsetFetchResponse.OffsetFetchResponsePartition
                    { PartitionIndex = p, CommittedOffset = -1, Metadata = "", ErrorCode = error })],
            })]
            : group.Topics.Select(t => new OffsetFetchResponse.OffsetFetchResponseTopic
            {
                Name = t.Name,
                Partitions = [.. t.Partitions.Select(p => new OffsetFetchResponse.OffsetFetchResponsePartition
                {
                    PartitionIndex = p.PartitionIndex, CommittedOffset = p.CommittedOffset, CommittedLeaderEpoch = p.CommittedLeaderEpoch,
                    Metadata = p.Metadata, ErrorCode = p.ErrorCode,
                })],
            }).ToList();
        return new OffsetFetchResponse { ErrorCode = error, Topics = topics };
    }
}
