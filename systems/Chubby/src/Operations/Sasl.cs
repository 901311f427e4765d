namespace Microcosm.Chubby;

/// <summary>sasl: there are no login modules.</summary>
internal static class Sasl
{
    [ZooKeeperOperation("Sasl", OpCode.Sasl, IsImmediate = true, Since = "3.4", Status = Runtime.OperationStatus.Refused,
        Deviation = "no login module is configured: AuthFailed, and the connection ends")]
    public static void Execute(ref ZooKeeperCall call)
    {
        call.Fail(ZooError.AuthFailed);
        call.Client.EndAfterReplies();
    }
}
