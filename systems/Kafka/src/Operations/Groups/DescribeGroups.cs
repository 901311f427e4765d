using Described = Microcosm.Kafka.DescribeGroupsResponse;

namespace Microcosm.Kafka;

/// <summary>DescribeGroups: state and members of classic groups. One that does not exist, or is of another kind, is Dead.</summary>
internal static class DescribeGroups
{
    [KafkaOperation("DescribeGroups", 15, 0, 5, FlexibleFrom = 5)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DescribeGroupsRequest>();
        var groups = request.Groups.Select(groupId => Describe(call, groupId)).ToList();
        foreach (var group in groups.Where(g => request.IncludeAuthorizedOperations && g.ErrorCode == 0))
            group.AuthorizedOperations = call.AllowedOperations(AclResourceType.Group, group.GroupId);
        call.Reply(new Described { Groups = groups });
        return ValueTask.CompletedTask;
    }

    private static Described.DescribedGroup Describe(KafkaCall call, string groupId)
    {
        if (!call.May(AclOperation.Describe, AclResourceType.Group, groupId))
            return new() { GroupId = groupId, ErrorCode = (short)KafkaError.GroupAuthorizationFailed };
        if (call.Broker.Groups.Find(groupId) is not { } slot)
            return new() { GroupId = groupId, ErrorCode = (short)KafkaError.NotCoordinator };
        var answer = new Described.DescribedGroup();
        slot.Run((shard, _) => answer = Of(shard.Describe(groupId)));
        return answer;
    }

    private static Described.DescribedGroup Of((KafkaError Error, GroupDescription Group) found) => new()
    {
        ErrorCode = (short)found.Error,
        GroupId = found.Group.GroupId,
        GroupState = found.Group.State,
        ProtocolType = found.Group.ProtocolType,
        ProtocolData = found.Group.ProtocolName,
        Members = [.. found.Group.Members.Select(m => new Described.DescribedGroupMember
        {
            MemberId = m.MemberId, GroupInstanceId = m.InstanceId, ClientId = m.ClientId, ClientHost = m.ClientHost,
            MemberMetadata = m.Metadata, MemberAssignment = m.Assignment,
        })],
    };
}
