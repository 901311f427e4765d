using Described = Microcosm.Kafka.ConsumerGroupDescribeResponse;

namespace Microcosm.Kafka;

/// <summary>ConsumerGroupDescribe (KIP-848): epochs, members and assignments of consumer groups.</summary>
internal static class ConsumerGroupDescribe
{
    [KafkaOperation("ConsumerGroupDescribe", 69, 0, 0, FlexibleFrom = 0)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<ConsumerGroupDescribeRequest>();
        var groups = await Task.WhenAll(request.GroupIds.Select(groupId => DescribeAsync(call, groupId)));
        foreach (var group in groups.Where(g => request.IncludeAuthorizedOperations && g.ErrorCode == 0))
            group.AuthorizedOperations = call.AllowedOperations(AclResourceType.Group, group.GroupId);
        call.Reply(new Described { Groups = [.. groups] });
    }

    private static Task<Described.DescribedGroup> DescribeAsync(KafkaCall call, string groupId)
    {
        if (!call.May(AclOperation.Describe, AclResourceType.Group, groupId))
            return Refused(groupId, KafkaError.GroupAuthorizationFailed);
        if (!GroupSettings.ServesConsumerGroups(call.Broker.Options))
            return Refused(groupId, KafkaError.UnsupportedVersion);
        if (groupId.Length == 0)
            return Refused(groupId, KafkaError.InvalidGroupId);
        if (call.Broker.Groups.Find(groupId) is not { } slot)
            return Refused(groupId, KafkaError.NotCoordinator);
        var done = new TaskCompletionSource<Described.DescribedGroup>();
        slot.Run((shard, _) => shard.ConsumerDescriptions.Describe(groupId, done.SetResult));
        return done.Task;
    }

    private static Task<Described.DescribedGroup> Refused(string groupId, KafkaError error) => Task.FromResult(new Described.DescribedGroup
        { GroupId = groupId, ErrorCode = (short)error, ErrorMessage = KafkaErrors.Message(error) });
}
