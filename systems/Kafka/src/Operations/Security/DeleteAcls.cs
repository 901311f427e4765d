namespace Microcosm.Kafka;

/// <summary>DeleteAcls: what each filter finds; the answer names it. Nothing found is no error.</summary>
internal static class DeleteAcls
{
    [KafkaOperation("DeleteAcls", 31, 1, 3, FlexibleFrom = 2)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DeleteAclsRequest>();
        AclFilter[] filters = [.. request.Filters.Select(f => new AclFilter(
            (AclResourceType)f.ResourceTypeFilter, f.ResourceNameFilter, (PatternType)f.PatternTypeFilter, f.PrincipalFilter, f.HostFilter,
            (AclOperation)f.Operation, (AclPermission)f.PermissionType))];
        foreach (var filter in filters)
            filter.CheckFormat();
        MetadataResult[] results = [.. filters.Select(f => Check(call, f))];
        AclBinding[][] found =
        [
            .. filters.Select((f, i) => results[i].Error == KafkaError.None ? call.Broker.Cluster.Acls.Where(f.Matches).ToArray() : []),
        ];
        AclBinding[] gone = [.. found.SelectMany(acls => acls).Distinct()];
        if (gone.Length > 0)
        {
            var done = await call.Broker.ProposeAsync(new AlterAcls([], gone), isRepeatable: true);
            if (done.Error != KafkaError.None)
                results = [.. results.Select(r => r.Error == KafkaError.None ? done : r)];
        }
        call.Reply(new DeleteAclsResponse { FilterResults = [.. found.Select((acls, i) => Answer(acls, results[i]))] });
    }

    private static MetadataResult Check(KafkaCall call, AclFilter filter)
    {
        if (!call.MayCluster(AclOperation.Alter))
            return new MetadataResult(KafkaError.ClusterAuthorizationFailed);
        return call.Broker.Security.Authorizer is null
            ? new MetadataResult(KafkaError.SecurityDisabled, "No Authorizer is configured.")
            : MetadataResult.Of(filter.Check);
    }

    private static DeleteAclsResponse.DeleteAclsFilterResult Answer(AclBinding[] acls, MetadataResult result) => new()
    {
        ErrorCode = (short)result.Error,
        ErrorMessage = result.Message ?? KafkaErrors.Message(result.Error),
        MatchingAcls = result.Error != KafkaError.None ? [] : [.. acls.Select(a => new DeleteAclsResponse.DeleteAclsMatchingAcl
        {
            ErrorMessage = null, ResourceType = (sbyte)a.ResourceType, ResourceName = a.ResourceName,
            PatternType = (sbyte)a.PatternType, Principal = a.Principal, Host = a.Host, Operation = (sbyte)a.Operation,
            PermissionType = (sbyte)a.Permission,
        })],
    };
}
