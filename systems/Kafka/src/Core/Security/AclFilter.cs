namespace Microcosm.Kafka;

/// <summary>Which ACLs to describe or delete.</summary>
/// <param name="ResourceName">Null: all.</param>
/// <param name="Principal">Null: all; else exactly this one, wildcards included.</param>
/// <param name="Host">Null: all; else exactly this one.</param>
internal sealed record AclFilter(
    AclResourceType ResourceType, string? ResourceName, PatternType PatternType, string? Principal, string? Host, AclOperation Operation,
    AclPermission Permission)
{
    /// <summary>Throws <see cref="KafkaFormatException"/> for a code of 0, at which Kafka closes the connection.</summary>
    public void CheckFormat()
    {
        if (ResourceType == 0 || PatternType == 0 || Operation == 0 || Permission == 0)
            throw new KafkaFormatException("A filter of ACLs has an element of kind UNKNOWN.");
    }

    /// <summary>Before anything is deleted by it. Throws <see cref="MetadataRefusal"/> for codes that Kafka does not know.</summary>
    public void Check()
    {
        if (ResourceType is AclResourceType.Unknown or > AclResourceType.User
            || PatternType is PatternType.Unknown or > PatternType.Prefixed)
            throw new MetadataRefusal(KafkaError.InvalidRequest, "Unknown patternFilter.");
        if (Operation is AclOperation.Unknown or > AclOperation.DescribeTokens
            || Permission is AclPermission.Unknown or > AclPermission.Allow)
            throw new MetadataRefusal(KafkaError.InvalidRequest, "Unknown entryFilter.");
    }

    public bool Matches(AclBinding acl) =>
        (ResourceType == AclResourceType.Any || (byte)ResourceType == acl.ResourceType)
        && MatchesName((PatternType)acl.PatternType, acl.ResourceName)
        && (Principal is null || Principal == acl.Principal)
        && (Host is null || Host == acl.Host)
        && (Operation == AclOperation.Any || (byte)Operation == acl.Operation)
        && (Permission == AclPermission.Any || (byte)Permission == acl.Permission);

    private bool MatchesName(PatternType pattern, string name)
    {
        if (PatternType is not (PatternType.Any or PatternType.Match) && PatternType != pattern)
            return false;
        if (ResourceName is null || ResourceName == name)
            return true;
        return PatternType == PatternType.Match && (pattern == PatternType.Prefixed
            ? ResourceName.StartsWith(name, StringComparison.Ordinal)
            : name == AclResources.Wildcard);
    }
}
