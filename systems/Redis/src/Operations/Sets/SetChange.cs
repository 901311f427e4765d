namespace Microcosm.Redis;

/// <summary>SADD, SREM, SMOVE.</summary>
internal static class SetChange
{
    [RedisCommand("SADD", -3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast, FirstKey = 1,
        LastKey = 1,
        KeyStep = 1, Group = "set", Summary = "Add one or more members to a set", Complexity = "O(1) for each element added",
        Syntax = "key member...",
        Keys = "RW insert @1")]
    public static void SAdd(ref RedisCall call)
    {
        if (!call.TryWrite<SetObject>(call[1], out var found))
            return;
        var set = found ?? new SetObject();
        var added = 0;
        for (var i = 2; i < call.Count; i++)
        {
            if (set.Add(call[i], call.Server.Options.Encodings))
                added++;
        }
        if (found is null)
            call.Db.SetObject(call[1], set);
        if (added > 0)
        {
            call.Server.Propagation.Dirty += added - 1;
            call.Modified(call[1], NotifyClass.Set, "sadd");
        }
        call.Reply.Integer(added);
    }

    [RedisCommand("SREM", -3, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Group = "set",
        Summary = "Remove one or more members from a set", Complexity = "O(N)",
        Syntax = "key member...",
        Keys = "RW delete @1")]
    public static void SRem(ref RedisCall call)
    {
        if (!call.TryWrite<SetObject>(call[1], out var set))
            return;
        var removed = 0;
        for (var i = 2; set?.Count > 0 && i < call.Count; i++)
        {
            if (set.Remove(call[i]))
                removed++;
        }
        if (removed > 0)
        {
            call.Server.Propagation.Dirty += removed - 1;
            call.Modified(call[1], NotifyClass.Set, "srem");
            if (set!.Count == 0)
                call.RemoveEmptied(call[1]);
        }
        call.Reply.Integer(removed);
    }

    [RedisCommand("SMOVE", 4, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 2, KeyStep = 1,
        Group = "set",
        Summary = "Move a member from one set to another", Complexity = "O(1)",
        Syntax = "source:key destination:key member",
        Keys = "RW access delete @1; RW insert @2")]
    public static void SMove(ref RedisCall call)
    {
        if (call.Db.Write(call[1]).IsMissing)
        {
            call.Reply.Integer(0);
            return;
        }
        if (!call.TryWrite<SetObject>(call[1], out var source) || !call.TryWrite<SetObject>(call[2], out var found))
            return;
        if (source == found)
        {
            call.Reply.Integer(source!.Contains(call[3]) ? 1 : 0);
            return;
        }
        if (!source!.Remove(call[3]))
        {
            call.Reply.Integer(0);
            return;
        }
        call.Modified(call[1], NotifyClass.Set, "srem");
        if (source.Count == 0)
            call.RemoveEmptied(call[1]);
        var target = found ?? new SetObject();
        var added = target.Add(call[3], call.Server.Options.Encodings);
        if (found is null)
            call.Db.SetObject(call[2], target);
        if (added)
            call.Modified(call[2], NotifyClass.Set, "sadd");
        call.Reply.Integer(1);
    }
}
