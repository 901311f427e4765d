namespace Microcosm.Chubby;

/// <summary>ping: the client is alive; as every request it renews the session's lease.</summary>
internal static class Ping
{
    [ZooKeeperOperation("Ping", OpCode.Ping)]
    public static void Execute(ref ZooKeeperCall call)
    {
    }
}
