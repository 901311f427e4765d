namespace Microcosm.Chubby;

/// <summary>whoAmI: what the connection has shown itself to be, its address last; of a digest the user's name.</summary>
internal static class WhoAmI
{
    [ZooKeeperOperation("WhoAmI", OpCode.WhoAmI, Since = "3.7")]
    public static void Execute(ref ZooKeeperCall call)
    {
        call.Reply.Int(call.Client.Identities.Length);
        foreach (var (scheme, id) in call.Client.Identities.Skip(1).Append(call.Client.Identities[0]))
        {
            call.Reply.String(scheme);
            call.Reply.String(scheme == "digest" ? id.Split(':')[0] : id);
        }
    }
}
