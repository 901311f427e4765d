namespace Microcosm.Chubby;

/// <summary>getAllChildrenNumber: how many nodes are below a node.</summary>
internal static class GetAllChildrenNumber
{
    [ZooKeeperOperation("GetAllChildrenNumber", OpCode.GetAllChildrenNumber, HasPath = true, Since = "3.6")]
    public static void Execute(ref ZooKeeperCall call)
    {
        if (call.Readable(call.Body.String()) is { } node)
            call.Reply.Int(call.Tree.Measure(node).Count - 1);
    }
}
