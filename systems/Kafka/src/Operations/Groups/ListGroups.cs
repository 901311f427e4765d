namespace Microcosm.Kafka;

/// <summary>ListGroups: the groups that this broker coordinates, of some states (KIP-518) and kinds (KIP-848) if the client says
/// so.</summary>
internal static class ListGroups
{
    [KafkaOperation("ListGroups", 16, 0, 5, FlexibleFrom = 3)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<ListGroupsRequest>();
        var states = Names(request.StatesFilter);
        var types = Names(request.TypesFilter);
        var response = new ListGroupsResponse();
        var seesAll = call.MayCluster(AclOperation.Describe);
        foreach (var slot in call.Broker.Groups.Slots.ToArray())
        {
            var (error, groups) = (KafkaError.None, (IReadOnlyList<GroupDescription>)[]);
            slot.Run((shard, _) => (error, groups) = shard.List());
            // A list without the groups that are still being loaded would be wrong.
            if (error is not (KafkaError.None or KafkaError.NotCoordinator))
            {
                call.Reply(new ListGroupsResponse { ErrorCode = (short)error });
                return ValueTask.CompletedTask;
            }
            response.Groups.AddRange(groups
                .Where(g => IsWanted(states, g.State) && IsWanted(types, g.Type)
                    && (seesAll || call.May(AclOperation.Describe, AclResourceType.Group, g.GroupId)))
                .Select(g => new ListGroupsResponse.ListedGroup
                    { GroupId = g.GroupId, ProtocolType = g.ProtocolType, GroupState = g.State, GroupType = g.Type }));
        }
        call.Reply(response);
        return ValueTask.CompletedTask;
    }

    private static HashSet<string> Names(IEnumerable<string> filter) =>
        filter.Select(name => name.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static bool IsWanted(HashSet<string> filter, string name) => filter.Count == 0 || filter.Contains(name);
}
