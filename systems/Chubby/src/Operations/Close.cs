namespace Microcosm.Chubby;

/// <summary>closeSession: ephemerals go at once; after the reply the connection ends.</summary>
internal static class Close
{
    [ZooKeeperOperation("CloseSession", OpCode.CloseSession, IsWrite = true)]
    public static void Execute(ref ZooKeeperCall call) => call.Propose(new CloseSession());
}
