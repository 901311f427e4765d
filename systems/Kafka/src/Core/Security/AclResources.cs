namespace Microcosm.Kafka;

/// <summary>What Kafka says about each kind of resource.</summary>
internal static class AclResources
{
    /// <summary>The only resource of type <see cref="AclResourceType.Cluster"/>.</summary>
    public const string ClusterName = "kafka-cluster";

    /// <summary>Stands for every name, host or principal.</summary>
    public const string Wildcard = "*";

    /// <summary>The operations that a client may be told about (KIP-430).</summary>
    public static IReadOnlyList<AclOperation> Operations(AclResourceType type) => type switch
    {
        AclResourceType.Topic =>
        [
            AclOperation.Read, AclOperation.Write, AclOperation.Create, AclOperation.Describe, AclOperation.Delete, AclOperation.Alter,
            AclOperation.DescribeConfigs, AclOperation.AlterConfigs,
        ],
        AclResourceType.Group =>
        [
            AclOperation.Read, AclOperation.Describe, AclOperation.Delete, AclOperation.DescribeConfigs, AclOperation.AlterConfigs,
        ],
        AclResourceType.Cluster =>
        [
            AclOperation.Create, AclOperation.ClusterAction, AclOperation.DescribeConfigs, AclOperation.AlterConfigs,
            AclOperation.IdempotentWrite, AclOperation.Alter, AclOperation.Describe,
        ],
        AclResourceType.TransactionalId => [AclOperation.Describe, AclOperation.Write],
        AclResourceType.DelegationToken => [AclOperation.Describe],
        AclResourceType.User => [AclOperation.CreateTokens, AclOperation.DescribeTokens],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The bit field of all operations of the type; what a broker without an authorizer answers.</summary>
    public static int AllOperations(AclResourceType type) => Operations(type).Aggregate(0, (bits, o) => bits | 1 << (int)o);

    /// <summary>What is answered to whom the operation is not allowed.</summary>
    public static KafkaError Refusal(AclResourceType type) => type switch
    {
        AclResourceType.Topic => KafkaError.TopicAuthorizationFailed,
        AclResourceType.Group => KafkaError.GroupAuthorizationFailed,
        AclResourceType.Cluster => KafkaError.ClusterAuthorizationFailed,
        AclResourceType.TransactionalId => KafkaError.TransactionalIdAuthorizationFailed,
        AclResourceType.DelegationToken => KafkaError.DelegationTokenAuthorizationFailed,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Throws <see cref="MetadataRefusal"/> with INVALID_REQUEST if no such ACL can be made.</summary>
    public static void CheckNew(AclBinding acl)
    {
        var (type, pattern) = ((AclResourceType)acl.ResourceType, (PatternType)acl.PatternType);
        var (operation, permission) = ((AclOperation)acl.Operation, (AclPermission)acl.Permission);
        if (type == AclResourceType.Cluster && acl.ResourceName != ClusterName)
            throw Invalid($"The only valid name for the CLUSTER resource is {ClusterName}");
        if (acl.ResourceName.Length == 0)
            throw Invalid("Invalid empty resource name");
        if (type is AclResourceType.Any or AclResourceType.Unknown or > AclResourceType.User)
            throw Invalid($"Invalid resourceType {FilterWord(acl.ResourceType)}");
        if (pattern is not (PatternType.Literal or PatternType.Prefixed))
            throw Invalid($"Invalid patternType {(pattern == PatternType.Match ? "MATCH" : FilterWord(acl.PatternType))}");
        if (operation is AclOperation.Any or AclOperation.Unknown or > AclOperation.DescribeTokens)
            throw Invalid($"Invalid operation {FilterWord(acl.Operation)}");
        if (permission is not (AclPermission.Deny or AclPermission.Allow))
            throw Invalid($"Invalid permissionType {FilterWord(acl.Permission)}");
    }

    private static string FilterWord(byte code) => code == 1 ? "ANY" : "UNKNOWN";

    private static MetadataRefusal Invalid(string text) => new(KafkaError.InvalidRequest, text);
}
