namespace Microcosm.Chubby;

/// <summary>setData: replaces a node's data, by version (-1 for any).</summary>
internal static class SetData
{
    [ZooKeeperOperation("SetData", OpCode.SetData, IsWrite = true, HasPath = true)]
    public static void Execute(ref ZooKeeperCall call) => call.Propose(
        new SetNodeData(call.Body.String(), call.Body.Buffer(), call.Body.Int()), static (result, reply) => reply.Stat(result.Stat));
}
