namespace Microcosm.Redis;

/// <summary>MONITOR.</summary>
internal static class Monitor
{
    [RedisCommand("MONITOR", 1, Flags = RedisCommandFlags.Admin | RedisCommandFlags.NoScript | RedisCommandFlags.Loading
        | RedisCommandFlags.Stale, Group = "server", Summary = "Listen for all requests received by the server in real time")]
    public static void Execute(ref RedisCall call)
    {
        if (call.Client.IsInExec)
        {
            call.Reply.Error("ERR MONITOR isn't allowed for DENY BLOCKING client");
            return;
        }
        // A second time it is not even answered.
        if (call.Client.IsMonitor)
            return;
        call.Server.Monitors.Add(call.Client);
        call.Reply.Ok();
    }
}
