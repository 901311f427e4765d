namespace Microcosm.Kafka.Tests.Core;

/// <summary>Metadata with ACLs, and an authorizer that follows them.</summary>
internal sealed class AuthorizerWorld
{
    private readonly MetadataWorld _metadata = new(brokers: 0);

    public AuthorizerWorld(bool allowsUncovered = false)
    {
        Authorizer = new Authorizer(
            _metadata.State, new AuthorizerOptions { SuperUsers = ["User:root"], AllowEveryoneIfNoAclFound = allowsUncovered });
        _metadata.Machine.Changed += Authorizer.Follow;
    }

    public Authorizer Authorizer { get; }

    public ClusterState State => _metadata.State;

    public AuthorizerWorld Add(params AclBinding[] acls)
    {
        _metadata.Apply(new AlterAcls(acls, []));
        return this;
    }

    public void Remove(params AclBinding[] acls) => _metadata.Apply(new AlterAcls([], acls));

    public bool Allows(
        string user, AclOperation operation, string name, AclResourceType type = AclResourceType.Topic, string host = "10.0.0.1") =>
        Authorizer.IsAllowed($"User:{user}", host, operation, type, name);

    public bool AllowsSome(
        string user, AclOperation operation, AclResourceType type = AclResourceType.Topic, string host = "10.0.0.1") =>
        Authorizer.IsAllowedForSome($"User:{user}", host, operation, type);

    public static AclBinding Allow(
        string user, AclOperation operation, string name, PatternType pattern = PatternType.Literal, string host = "*",
        AclResourceType type = AclResourceType.Topic) =>
        new((byte)type, name, (byte)pattern, $"User:{user}", host, (byte)operation, (byte)AclPermission.Allow);

    public static AclBinding Deny(
        string user, AclOperation operation, string name, PatternType pattern = PatternType.Literal, string host = "*",
        AclResourceType type = AclResourceType.Topic) =>
        Allow(user, operation, name, pattern, host, type) with { Permission = (byte)AclPermission.Deny };
}
