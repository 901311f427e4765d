namespace Microcosm.Chubby;

/// <summary>setACL: replaces a node's ACL, by its aversion (-1 for any).</summary>
internal static class SetAcl
{
    [ZooKeeperOperation("SetACL", OpCode.SetAcl, IsWrite = true, HasPath = true)]
    public static void Execute(ref ZooKeeperCall call) => call.Propose(
        new SetNodeAcl(call.Body.String(), call.Body.Acl(), call.Body.Int()), static (result, reply) => reply.Stat(result.Stat));
}
