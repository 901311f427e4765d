using System.Text.RegularExpressions;

namespace Microcosm.Chubby;

/// <summary>
/// reconfig: the members are those of the options. What is asked is checked as ZooKeeper does, first the words, then the right to do it;
/// who has it is told that it is not there.
/// </summary>
internal static partial class Reconfig
{
    [ZooKeeperOperation("Reconfig", OpCode.Reconfig, Since = "3.5", Status = Runtime.OperationStatus.Refused,
        Deviation = "the cell's members are fixed: Unimplemented, behind BadArguments and NoAuth where ZooKeeper has them")]
    public static void Execute(ref ZooKeeperCall call)
    {
        var (joining, leaving, members) = (call.Body.String(), call.Body.String(), call.Body.String());
        _ = call.Body.Long();
        var servers = $"{joining},{members}".Split(',', StringSplitOptions.RemoveEmptyEntries);
        var gone = leaving.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (!servers.All(s => Server().IsMatch(s)) || !gone.All(l => long.TryParse(l, out _)))
            call.Fail(ZooError.BadArguments);
        else if (!call.Member.Options.SkipAcl && call.Client.Identities.All(i => i.Scheme != "super"))
            call.Fail(ZooError.NoAuth);
        else
            call.Fail(ZooError.Unimplemented);
    }

    [GeneratedRegex(@"^\s*server\.\d+=[^:]+:\d+:\d+(:\w+)?(;.+)?\s*$")]
    private static partial Regex Server();
}
