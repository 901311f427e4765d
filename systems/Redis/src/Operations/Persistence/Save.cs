namespace Microcosm.Redis;

/// <summary>SAVE, BGSAVE, LASTSAVE, BGREWRITEAOF.</summary>
internal static class Save
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Admin | RedisCommandFlags.NoScript | RedisCommandFlags.NoAsyncLoading;

    [RedisCommand("SAVE", 1, Flags = Flags | RedisCommandFlags.NoMulti, Group = "server",
        Summary = "Synchronously save the dataset to disk", Complexity = "O(N)")]
    public static void Execute(ref RedisCall call)
    {
        var persistence = call.Server.Persistence!;
        if (persistence.Status.IsSaving)
        {
            call.Reply.Error("ERR Background save already in progress");
            return;
        }
        var answer = call.Server.Await(call.Client);
        persistence.Save(error => answer(reply =>
        {
            if (error is null)
                reply.Ok();
            else
                reply.Error(error);
        }));
    }

    [RedisCommand("BGSAVE", -1, Flags = Flags, Group = "server", Summary = "Asynchronously save the dataset to disk", Complexity = "O(1)",
        Syntax = "[SCHEDULE]")]
    public static void Background(ref RedisCall call)
    {
        var persistence = call.Server.Persistence!;
        var mayWait = call.Count == 2 && call.Is(1, "SCHEDULE"u8);
        if (call.Count > 2 || (call.Count == 2 && !mayWait))
            call.SyntaxError();
        else if (persistence.Status.IsSaving)
            call.Reply.Error("ERR Background save already in progress");
        else if (persistence.Status.IsRewriting && !mayWait)
            call.Reply.Error(
                "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a "
                + "BGSAVE whenever possible.");
        else
        {
            call.Reply.Simple(persistence.Status.IsRewriting ? "Background saving scheduled" : "Background saving started");
            persistence.StartSave();
        }
    }

    [RedisCommand("LASTSAVE", 1, Flags = RedisCommandFlags.Loading | RedisCommandFlags.Stale | RedisCommandFlags.Fast, Group = "server",
        Summary = "Get the UNIX time stamp of the last successful save to disk", Complexity = "O(1)",
        Tips = "nondeterministic_output")]
    public static void Last(ref RedisCall call) => call.Reply.Integer(call.Server.Persistence!.Status.LastSaveMs / 1000);

    [RedisCommand("BGREWRITEAOF", 1, Flags = Flags, Group = "server", Summary = "Asynchronously rewrite the append-only file",
        Complexity = "O(1)")]
    public static void Rewrite(ref RedisCall call)
    {
        var persistence = call.Server.Persistence!;
        if (persistence.Status.IsRewriting)
        {
            call.Reply.Error("ERR Background append only file rewriting already in progress");
            return;
        }
        call.Reply.Simple($"Background append only file rewriting {(persistence.Status.IsSaving ? "scheduled" : "started")}");
        persistence.StartRewrite();
    }
}
