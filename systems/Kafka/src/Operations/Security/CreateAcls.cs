namespace Microcosm.Kafka;

/// <summary>CreateAcls: each for itself; one that is there already is no error.</summary>
internal static class CreateAcls
{
    [KafkaOperation("CreateAcls", 30, 1, 3, FlexibleFrom = 2)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<CreateAclsRequest>();
        AclBinding[] acls = [.. request.Creations.Select(c => new AclBinding(
            (byte)c.ResourceType, c.ResourceName, (byte)c.ResourcePatternType, c.Principal, c.Host, (byte)c.Operation,
            (byte)c.PermissionType))];
        // Kafka closes the connection at a code of 0; others that it does not know it refuses.
        if (acls.Any(a => a.ResourceType == 0 || a.PatternType == 0 || a.Operation == 0 || a.Permission == 0))
            throw new KafkaFormatException("CreatableAcls contain unknown elements");
        MetadataResult[] results = [.. acls.Select(a => Check(call, a))];
        AclBinding[] good = [.. acls.Where((_, i) => results[i].Error == KafkaError.None)];
        if (good.Length > 0)
        {
            var done = await call.Broker.ProposeAsync(new AlterAcls(good, []), isRepeatable: true);
            for (var i = 0; i < results.Length; i++)
            {
                if (results[i].Error == KafkaError.None)
                    results[i] = done;
            }
        }
        call.Reply(new CreateAclsResponse
        {
            Results = [.. results.Select(r => new CreateAclsResponse.AclCreationResult
            {
                ErrorCode = (short)r.Error, ErrorMessage = r.Message ?? KafkaErrors.Message(r.Error) ?? "",
            })],
        });
    }

    private static MetadataResult Check(KafkaCall call, AclBinding acl)
    {
        if (!call.MayCluster(AclOperation.Alter))
            return new MetadataResult(KafkaError.ClusterAuthorizationFailed);
        return call.Broker.Security.Authorizer is null
            ? new MetadataResult(KafkaError.SecurityDisabled, "No Authorizer is configured.")
            : MetadataResult.Of(() => AclResources.CheckNew(acl));
    }
}
