namespace Microcosm.Kafka;

/// <summary>DeleteGroups: empty groups go, with their offsets; the reply comes when that is committed.</summary>
internal static class DeleteGroups
{
    [KafkaOperation("DeleteGroups", 42, 0, 2, FlexibleFrom = 2)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var results = call.Read<DeleteGroupsRequest>().GroupsNames.Distinct().Select(groupId => DeleteAsync(call, groupId));
        call.Reply(new DeleteGroupsResponse { Results = [.. await Task.WhenAll(results)] });
    }

    private static async Task<DeleteGroupsResponse.DeletableGroupResult> DeleteAsync(KafkaCall call, string groupId)
    {
        var done = new TaskCompletionSource<KafkaError>();
        if (!call.May(AclOperation.Delete, AclResourceType.Group, groupId))
            done.SetResult(KafkaError.GroupAuthorizationFailed);
        else if (call.Broker.Groups.Find(groupId) is not { } slot)
            done.SetResult(KafkaError.NotCoordinator);
        else
            slot.Run((shard, _) => shard.Offsets.Delete(groupId, done.SetResult));
        return new() { GroupId = groupId, ErrorCode = (short)await done.Task };
    }
}
