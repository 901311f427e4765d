namespace Microcosm.Redis;

/// <summary>MULTI, EXEC, DISCARD, WATCH, UNWATCH.</summary>
internal static class Multi
{
    private const RedisCommandFlags Flags = RedisCommandFlags.NoScript | RedisCommandFlags.Loading | RedisCommandFlags.Stale
        | RedisCommandFlags.Fast | RedisCommandFlags.AllowBusy;

    [RedisCommand("MULTI", 1, Flags = Flags, Since = "1.2.0", Group = "transactions",
        Summary = "Mark the start of a transaction block", Complexity = "O(1)")]
    public static void Begin(ref RedisCall call)
    {
        if (call.Client.Multi is not null)
        {
            call.Reply.Error("ERR MULTI calls can not be nested");
            return;
        }
        call.Client.Multi = new Transaction();
        call.Reply.Ok();
    }

    [RedisCommand("DISCARD", 1, Flags = Flags, Since = "2.0.0", Group = "transactions",
        Summary = "Discard all commands issued after MULTI", Complexity = "O(N)")]
    public static void Discard(ref RedisCall call)
    {
        if (call.Client.Multi is null)
        {
            call.Reply.Error("ERR DISCARD without MULTI");
            return;
        }
        call.Client.Multi = null;
        call.Server.Watches.Forget(call.Client);
        call.Reply.Ok();
    }

    [RedisCommand("EXEC", 1, Flags = RedisCommandFlags.NoScript | RedisCommandFlags.Loading | RedisCommandFlags.Stale
        | RedisCommandFlags.SkipSlowlog,
        Since = "1.2.0", Group = "transactions", Summary = "Execute all commands issued after MULTI",
            Complexity = "Depends on commands in the transaction")]
    public static void Exec(ref RedisCall call)
    {
        var client = call.Client;
        if (client.Multi is not { } transaction)
        {
            call.Reply.Error("ERR EXEC without MULTI");
            return;
        }
        client.Multi = null;
        var broken = client.WatchBroken || Watches.AnyExpired(client);
        call.Server.Watches.Forget(client);
        if (transaction.IsBroken)
        {
            call.Reply.Error(RedisErrors.ExecAbort);
            return;
        }
        if (broken)
        {
            call.Reply.NullArray();
            return;
        }
        client.IsInExec = true;
        call.Reply.Array(transaction.Queue.Count);
        foreach (var command in transaction.Queue)
            call.Server.Dispatcher.ExecuteQueued(client, command);
        client.IsInExec = false;
        call.PropagateNothing();
    }

    [RedisCommand("WATCH", -2, Flags = Flags, FirstKey = 1, LastKey = -1, KeyStep = 1, Since = "2.2.0", Group = "transactions",
        Summary = "Watch the given keys to determine execution of the MULTI/EXEC block", Complexity = "O(1) for every key",
        Syntax = "key...",
        Keys = "RO @1 -1/1/0")]
    public static void Watch(ref RedisCall call)
    {
        if (call.Client.Multi is not null)
        {
            call.Reply.Error("ERR WATCH inside MULTI is not allowed");
            return;
        }
        // A client that is doomed to fail needs no more watches.
        if (!call.Client.WatchBroken)
        {
            for (var i = 1; i < call.Count; i++)
                call.Server.Watches.Add(call.Client, call.Db, call.Copy(i));
        }
        call.Reply.Ok();
    }

    [RedisCommand("UNWATCH", 1, Flags = Flags, Since = "2.2.0", Group = "transactions",
        Summary = "Forget about all watched keys", Complexity = "O(1)")]
    public static void Unwatch(ref RedisCall call)
    {
        call.Server.Watches.Forget(call.Client);
        call.Reply.Ok();
    }
}
