namespace Microcosm.Chubby;

/// <summary>check: outside of a multi too, as ZooKeeper carries it out.</summary>
internal static class Check
{
    [ZooKeeperOperation("Check", OpCode.Check, IsWrite = true, HasPath = true, Since = "3.4")]
    public static void Execute(ref ZooKeeperCall call) => call.Propose(new CheckVersion(call.Body.String(), call.Body.Int()));
}
