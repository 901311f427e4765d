namespace Microcosm.Chubby;

/// <summary>sync: by the leader; answered when this member has everything that the cell had agreed on when it was asked.</summary>
internal static class Sync
{
    [ZooKeeperOperation("Sync", OpCode.Sync, IsWrite = true, HasPath = true)]
    public static void Execute(ref ZooKeeperCall call)
    {
        var path = call.Body.String();
        call.CatchUp(reply => reply.String(path));
    }
}
