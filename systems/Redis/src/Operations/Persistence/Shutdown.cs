namespace Microcosm.Redis;

/// <summary>SHUTDOWN. The node stays down until someone starts it: it ends as by its owner's stop, the world goes on.</summary>
internal static class Shutdown
{
    [RedisCommand("SHUTDOWN", -1, Flags = RedisCommandFlags.Admin | RedisCommandFlags.NoScript | RedisCommandFlags.Loading
        | RedisCommandFlags.Stale | RedisCommandFlags.NoMulti | RedisCommandFlags.AllowBusy,
        Group = "server", Summary = "Synchronously save the dataset to disk and then shut down the server",
        Complexity = "O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)",
        Syntax = "[nosave_save(NOSAVE|SAVE)] [NOW] [FORCE] [ABORT]")]
    public static void Execute(ref RedisCall call)
    {
        var (save, noSave, force, abort) = (false, false, false, false);
        for (var i = 1; i < call.Count; i++)
        {
            if (call.Is(i, "SAVE"u8))
                save = true;
            else if (call.Is(i, "NOSAVE"u8))
                noSave = true;
            else if (call.Is(i, "FORCE"u8))
                force = true;
            else if (call.Is(i, "ABORT"u8))
                abort = true;
            // NOW waits for no replica; there are none.
            else if (!call.Is(i, "NOW"u8))
            {
                call.SyntaxError();
                return;
            }
        }
        if ((abort && call.Count > 2) || (save && noSave))
            call.SyntaxError();
        else if (abort)
            call.Reply.Error("ERR No shutdown in progress.");
        else
            call.Server.Exit.Begin(call.Client, save ? true : noSave ? false : null, force);
    }
}
