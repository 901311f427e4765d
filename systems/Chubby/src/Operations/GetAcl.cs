namespace Microcosm.Chubby;

/// <summary>getACL: to those who may read or administer; only the latter see the digests (ZOOKEEPER-1392).</summary>
internal static class GetAcl
{
    [ZooKeeperOperation("GetACL", OpCode.GetAcl, HasPath = true)]
    public static void Execute(ref ZooKeeperCall call)
    {
        if (call.Readable(call.Body.String(), Permissions.Read | Permissions.Admin) is not { } node)
            return;
        var isAdmin = call.Member.State.Access.MayDo(Permissions.Admin, node.Acl, call.Client.Identities);
        call.Reply.Acl(isAdmin ? node.Acl : [.. node.Acl.Select(Masked)]);
        call.Reply.Stat(node.Stat);
    }

    private static AclEntry Masked(AclEntry entry) =>
        entry.Scheme == "digest" && entry.Id.IndexOf(':') is var colon and >= 0 ? entry with { Id = entry.Id[..colon] + ":x" } : entry;
}
