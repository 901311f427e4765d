namespace Microcosm.Chubby;

/// <summary>delete: a node without children, by version (-1 for any).</summary>
internal static class Delete
{
    [ZooKeeperOperation("Delete", OpCode.Delete, IsWrite = true, HasPath = true)]
    public static void Execute(ref ZooKeeperCall call) => call.Propose(new DeleteNode(call.Body.String(), call.Body.Int()));
}
