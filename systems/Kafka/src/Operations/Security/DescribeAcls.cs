namespace Microcosm.Kafka;

/// <summary>DescribeAcls: those that a filter finds, by resource.</summary>
internal static class DescribeAcls
{
    [KafkaOperation("DescribeAcls", 29, 1, 3, FlexibleFrom = 2)]
    public static ValueTask Execute(KafkaCall call)
    {
        call.Reply(Answer(call, call.Read<DescribeAclsRequest>()));
        return ValueTask.CompletedTask;
    }

    private static DescribeAclsResponse Answer(KafkaCall call, DescribeAclsRequest request)
    {
        if (!call.MayCluster(AclOperation.Describe))
            return Refused(KafkaError.ClusterAuthorizationFailed, KafkaErrors.Message(KafkaError.ClusterAuthorizationFailed));
        if (call.Broker.Security.Authorizer is null)
            return Refused(KafkaError.SecurityDisabled, "No Authorizer is configured on the broker");
        var filter = new AclFilter(
            (AclResourceType)request.ResourceTypeFilter, request.ResourceNameFilter, (PatternType)request.PatternTypeFilter,
            request.PrincipalFilter, request.HostFilter, (AclOperation)request.Operation, (AclPermission)request.PermissionType);
        filter.CheckFormat();
        return new() { Resources = [.. Found(call.Broker.Cluster, filter)] };
    }

    private static IEnumerable<DescribeAclsResponse.DescribeAclsResource> Found(ClusterState cluster, AclFilter filter) => cluster.Acls
        .Where(filter.Matches).GroupBy(a => (a.ResourceType, a.ResourceName, a.PatternType)).Select(g =>
            new DescribeAclsResponse.DescribeAclsResource
            {
                ResourceType = (sbyte)g.Key.ResourceType,
                ResourceName = g.Key.ResourceName,
                PatternType = (sbyte)g.Key.PatternType,
                Acls = [.. g.Select(a => new DescribeAclsResponse.AclDescription
                {
                    Principal = a.Principal, Host = a.Host, Operation = (sbyte)a.Operation, PermissionType = (sbyte)a.Permission,
                })],
            });

    private static DescribeAclsResponse Refused(KafkaError error, string? message) =>
        new() { ErrorCode = (short)error, ErrorMessage = message };
}
