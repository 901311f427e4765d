namespace Microcosm.Chubby;

/// <summary>reconfig: other members, by who joins and leaves or all by name; answered when they decide, with the node's text and
/// stat.</summary>
internal static class Reconfig
{
    [ZooKeeperOperation("Reconfig", OpCode.Reconfig, IsWrite = true, Since = "3.5", Status = Runtime.OperationStatus.Partial,
        Deviation = "groups and weights are refused (MarshallingError); members that leave stop serving at once")]
    public static void Execute(ref ZooKeeperCall call)
    {
        var options = call.Member.Options;
        var (joining, leaving, members) = (call.Body.StringOrNull(), call.Body.StringOrNull(), call.Body.StringOrNull());
        var from = call.Body.Long();
        if (!options.ReconfigEnabled)
            call.Fail(ZooError.ReconfigDisabled);
        else if (options.IsStandalone)
            call.Fail(ZooError.Unimplemented);
        else
        {
            call.Propose(new Reconfigure(joining, leaving, members, from, options.StandaloneEnabled ? 2 : 1), static (result, reply) =>
            {
                reply.Buffer(result.Data);
                reply.Stat(result.Stat);
            });
        }
    }
}
