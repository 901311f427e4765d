namespace Microcosm.Redis;

/// <summary>SRANDMEMBER and SPOP. SPOP propagates as SREM of what it took, or as DEL when it took all.</summary>
internal static class SetRandom
{
    [RedisCommand("SRANDMEMBER", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "set",
        Summary = "Get one or multiple random members from a set", Complexity = "O(N)",
        Syntax = "key [count:integer]",
        Keys = "RO access @1",
        Tips = "nondeterministic_output")]
    public static void SRandMember(ref RedisCall call)
    {
        if (call.Count > 3)
        {
            call.SyntaxError();
            return;
        }
        var count = 0L;
        if (call.Count == 3 && !RandomCount.TryCount(ref call, out count))
            return;
        if (!call.TryRead<SetObject>(call[1], out var set))
            return;
        if (call.Count == 3)
            ReplyMany(ref call, set, count);
        else if (set is null)
            call.Reply.Null();
        else
            call.Reply.Bulk(set.At(call.Server.Random.Next(set.Count)));
    }

    [RedisCommand("SPOP", -2, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Group = "set",
        Summary = "Remove and return one or multiple random members from a set", Complexity = "O(N)",
        Syntax = "key [count:integer]",
        Keys = "RW access delete @1",
        Tips = "nondeterministic_output")]
    public static void SPop(ref RedisCall call)
    {
        if (call.Count > 3)
        {
            call.SyntaxError();
            return;
        }
        var count = 0L;
        if (call.Count == 3 && !PositiveCount.TryParse(ref call, 2, out count))
            return;
        if (!call.TryWrite<SetObject>(call[1], out var set))
            return;
        if (call.Count == 3)
            PopMany(ref call, set, count);
        else if (set is null)
            call.Reply.Null();
        else
            PopOne(ref call, set);
    }

    private static void ReplyMany(ref RedisCall call, SetObject? set, long count)
    {
        if (set is null || count == 0)
        {
            call.Reply.Array(0);
            return;
        }
        var random = call.Server.Random;
        if (count >= set.Count)
        {
            call.Reply.Array(set.Count);
            foreach (var member in set)
                call.Reply.Bulk(member);
        }
        else if (count > 0)
        {
            call.Reply.Array((int)count);
            foreach (var index in RandomIndexes.Distinct(random, (int)count, set.Count))
                call.Reply.Bulk(set.At(index));
        }
        else
        {
            var repeated = (int)Math.Min(-count, int.MaxValue);
            call.Reply.Array(repeated);
            for (var i = 0; i < repeated; i++)
                call.Reply.Bulk(set.At(random.Next(set.Count)));
        }
    }

    private static void PopOne(ref RedisCall call, SetObject set)
    {
        var member = set.At(call.Server.Random.Next(set.Count)).ToArray();
        set.Remove(member);
        call.Modified(call[1], NotifyClass.Set, "spop");
        call.PropagateInstead("SREM"u8.ToArray(), call.Copy(1), member);
        call.Reply.Bulk(member);
        if (set.Count == 0)
            call.RemoveEmptied(call[1]);
    }

    private static void PopMany(ref RedisCall call, SetObject? set, long count)
    {
        if (set is null || count == 0)
        {
            call.Reply.Set(0);
            return;
        }
        call.Server.Propagation.Dirty += Math.Min(count, set.Count) - 1;
        if (count >= set.Count)
        {
            SetRead.ReplyAll(call.Reply, set);
            call.Modified(call[1], NotifyClass.Set, "spop");
            call.RemoveEmptied(call[1]);
            call.PropagateInstead("DEL"u8.ToArray(), call.Copy(1));
            return;
        }
        var remaining = set.Count - (int)count;
        // As in Redis, a set that loses nearly all of its members is built anew, and may so become an intset again.
        var kept = remaining * 5L <= count ? Take(ref call, set, remaining) : null;
        var popped = kept is null ? Take(ref call, set, (int)count) : set;
        call.Reply.Set((int)count);
        foreach (var member in popped)
        {
            call.Reply.Bulk(member);
            call.PropagateInstead("SREM"u8.ToArray(), call.Copy(1), member.ToArray());
        }
        if (kept is not null)
            call.Db.SetObject(call[1], kept, keepExpiry: true);
        call.Modified(call[1], NotifyClass.Set, "spop");
    }

    // Moves random members to a new set.
    private static SetObject Take(ref RedisCall call, SetObject set, int count)
    {
        var taken = new SetObject();
        for (var i = 0; i < count; i++)
        {
            var member = set.At(call.Server.Random.Next(set.Count)).ToArray();
            taken.Add(member, call.Server.Options.Encodings);
            set.Remove(member);
        }
        return taken;
    }
}
