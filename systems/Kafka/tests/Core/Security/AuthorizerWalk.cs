using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>Random ACLs come and go; each decision is compared with one made by walking all of them.</summary>
internal sealed class AuthorizerWalk(int seed)
{
    private static readonly string[] Users = ["ann", "bob", "*"];
    private static readonly string[] Names = ["a", "ab", "abc", "b", "*"];
    private static readonly string[] Hosts = ["h1", "h2"];

    private static readonly AclOperation[] Operations =
    [
        AclOperation.Read, AclOperation.Alter, AclOperation.Describe, AclOperation.AlterConfigs, AclOperation.DescribeConfigs,
    ];

    private readonly RandomStream _random = new Seed((ulong)seed).Stream("acls");
    private readonly AuthorizerWorld _world = new(allowsUncovered: seed % 2 == 0);

    public int Wrong { get; private set; }

    public int Allowed { get; private set; }

    public int Denied { get; private set; }

    public void Step()
    {
        var acls = _world.State.Acls.ToArray();
        if (acls.Length > 0 && _random.Next(3) == 0)
            _world.Remove(_random.Pick(acls));
        else
            _world.Add(Acl());
        var (user, operation, name, host) =
            (_random.Pick(Users[..2]), _random.Pick(Operations), _random.Pick(Names[..4]), _random.Pick(Hosts));
        var isAllowed = _world.Allows(user, operation, name, host: host);
        if (isAllowed)
            Allowed++;
        else
            Denied++;
        if (isAllowed != Expected(user, operation, name, host))
            Wrong++;
    }

    private AclBinding Acl()
    {
        AclOperation[] operations = [.. Operations, AclOperation.All];
        var acl = AuthorizerWorld.Allow(
            _random.Pick(Users), _random.Pick(operations), _random.Pick(Names),
            _random.Next(2) == 0 ? PatternType.Literal : PatternType.Prefixed, _random.Pick([.. Hosts, "*"]));
        return _random.Next(4) == 0 ? acl with { Permission = (byte)AclPermission.Deny } : acl;
    }

    private bool Expected(string user, AclOperation operation, string name, string host)
    {
        AclBinding[] covering = [.. _world.State.Acls.Where(a => a.PatternType == (byte)PatternType.Literal
            ? a.ResourceName == name || a.ResourceName == "*"
            : name.StartsWith(a.ResourceName, StringComparison.Ordinal))];
        AclBinding[] mine = [.. covering.Where(a =>
            (a.Principal == $"User:{user}" || a.Principal == "User:*") && (a.Host == host || a.Host == "*"))];
        if (mine.Any(a => a.Permission == 2 && (a.Operation == 2 || a.Operation == (byte)operation)))
            return false;
        byte[] enough = operation switch
        {
            AclOperation.Describe => [2, 3, 4, 6, 7, 8],
            AclOperation.DescribeConfigs => [2, 10, 11],
            _ => [2, (byte)operation],
        };
        return mine.Any(a => a.Permission == 3 && enough.Contains(a.Operation))
            || (covering.Length == 0 && _world.Authorizer.Options.AllowEveryoneIfNoAclFound);
    }
}
