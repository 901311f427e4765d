using System.Collections.Immutable;

namespace Microcosm.Kafka;

/// <summary>The broker's settings that the authorizer obeys, as Kafka names them.</summary>
internal sealed record AuthorizerOptions
{
    /// <summary>super.users: principals (<c>User:name</c>) that may do everything, whatever the ACLs say.</summary>
    public ImmutableHashSet<string> SuperUsers { get; init; } = [];

    /// <summary>allow.everyone.if.no.acl.found: of resources that no ACL covers.</summary>
    public bool AllowEveryoneIfNoAclFound { get; init; }
}
