namespace Microcosm.Chubby;

/// <summary>reconfig: as a ZooKeeper that was started without reconfigEnabled answers.</summary>
internal static class Reconfig
{
    [ZooKeeperOperation("Reconfig", OpCode.Reconfig, Since = "3.5", Status = Runtime.OperationStatus.Refused,
        Deviation = "the cell's members are fixed: ReconfigDisabled")]
    public static void Execute(ref ZooKeeperCall call) => call.Fail(ZooError.ReconfigDisabled);
}
