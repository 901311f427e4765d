using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Who may do what, as Kafka's StandardAuthorizer decides. Invariants: a super user may do everything; else what a matching ACL denies is
/// denied, whatever others allow; what no ACL allows is denied, but for resources that no ACL covers where the broker is told otherwise.
/// A check looks only at the ACLs of the patterns that cover the resource and of the principals that match.
/// </summary>
/// <param name="state">Whose ACLs count; <see cref="Follow"/> must hear of its changes.</param>
internal sealed class Authorizer(ClusterState state, AuthorizerOptions options)
{
    /// <summary>In ACLs: everybody.</summary>
    public const string Everybody = "User:*";

    // Any name does: it shows whether a super user asks, or one who may do this to resources that no ACL names (KIP-679).
    private const string SomeResource = "hardcode";

    private readonly Dictionary<byte, AclIndex> _byType = [];
    private bool _isStale = true;

    public AuthorizerOptions Options => options;

    /// <summary>To be told every change of the metadata, in its turn.</summary>
    public void Follow(MetadataChange change)
    {
        if ((change.HasSecurity || change.IsEverything) && !Bug.IsPlanted("kafka/acls-not-followed"))
            _isStale = true;
    }

    /// <param name="principal">As <c>User:name</c>.</param>
    /// <param name="host">The client's address.</param>
    public bool IsAllowed(string principal, string host, AclOperation operation, AclResourceType type, string name)
    {
        Invariant.Check(operation > AclOperation.All && type > AclResourceType.Any, "a check names one operation and one type");
        if (options.SuperUsers.Contains(principal))
            return true;
        var (isCovered, isAllowed) = (false, false);
        foreach (var principals in Index(type).Covering(name))
        {
            isCovered = true;
            foreach (var acl in Matching(principals, principal))
            {
                if (!Applies(acl, host, operation))
                    continue;
                if (acl.Permission == (byte)AclPermission.Deny && !Bug.IsPlanted("kafka/acl-denial-does-not-win"))
                    return false;
                isAllowed |= acl.Permission == (byte)AclPermission.Allow;
            }
        }
        return isAllowed || (!isCovered && options.AllowEveryoneIfNoAclFound);
    }

    /// <summary>
    /// Whether there can be any resource of the type to which the operation is allowed (KIP-679): who may write to one topic may have a
    /// producer id. Implied operations do not count here, as in Kafka.
    /// </summary>
    public bool IsAllowedForSome(string principal, string host, AclOperation operation, AclResourceType type)
    {
        if (IsAllowed(principal, host, operation, type, SomeResource))
            return true;
        var index = Index(type);
        AclBinding[] acls = [.. index.Of(principal).Concat(principal == Everybody ? [] : index.Of(Everybody)).Where(acl =>
            IsOf(acl.Host, host) && (acl.Operation == (byte)operation || acl.Operation == (byte)AclOperation.All))];
        var denied = acls.Where(a => a.Permission == (byte)AclPermission.Deny)
            .Select(a => (Pattern: (PatternType)a.PatternType, Name: a.ResourceName)).ToHashSet();
        if (denied.Contains((PatternType.Literal, AclResources.Wildcard)))
            return false;
        return acls.Any(a => a.Permission == (byte)AclPermission.Allow && !IsDominated((PatternType)a.PatternType, a.ResourceName));

        bool IsDominated(PatternType pattern, string name)
        {
            if (pattern == PatternType.Literal && name == AclResources.Wildcard)
                return false;
            return (pattern == PatternType.Literal && denied.Contains((PatternType.Literal, name)))
                || Enumerable.Range(1, name.Length).Any(length => denied.Contains((PatternType.Prefixed, name[..length])));
        }
    }

    /// <summary>The bit field of what the principal may do to the resource (KIP-430).</summary>
    public int AllowedOperations(string principal, string host, AclResourceType type, string name)
    {
        var bits = 0;
        foreach (var operation in AclResources.Operations(type))
        {
            if (IsAllowed(principal, host, operation, type, name))
                bits |= 1 << (int)operation;
        }
        return bits;
    }

    private static IEnumerable<AclBinding> Matching(Dictionary<string, List<AclBinding>> principals, string principal)
    {
        if (principals.TryGetValue(principal, out var own))
        {
            foreach (var acl in own)
                yield return acl;
        }
        if (principal != Everybody && principals.TryGetValue(Everybody, out var all))
        {
            foreach (var acl in all)
                yield return acl;
        }
    }

    private static bool Applies(AclBinding acl, string host, AclOperation operation)
    {
        if (!IsOf(acl.Host, host))
            return false;
        var given = (AclOperation)acl.Operation;
        if (given == AclOperation.All || given == operation)
            return true;
        // Only what allows implies: whoever may not read may still see that the topic is there.
        return acl.Permission == (byte)AclPermission.Allow && operation switch
        {
            AclOperation.Describe => given is AclOperation.Read or AclOperation.Write or AclOperation.Delete or AclOperation.Alter,
            AclOperation.DescribeConfigs => given == AclOperation.AlterConfigs,
            _ => false,
        };
    }

    private static bool IsOf(string given, string host) => given == AclResources.Wildcard || given == host;

    private AclIndex Index(AclResourceType type)
    {
        if (_isStale)
        {
            _byType.Clear();
            foreach (var acl in state.Acls)
                Of(acl.ResourceType).Add(acl);
            _isStale = false;
        }
        return Of((byte)type);
    }

    private AclIndex Of(byte type)
    {
        if (!_byType.TryGetValue(type, out var index))
            index = _byType[type] = new AclIndex();
        return index;
    }
}
