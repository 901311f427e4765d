namespace Microcosm.Redis;

/// <summary>SINTER, SINTERCARD, SUNION, SDIFF and those that store their result. Keys that do not exist are empty sets.</summary>
internal static class SetAlgebra
{
    private const RedisCommandFlags StoreFlags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom;

    [RedisCommand("SINTER", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = -1, KeyStep = 1, Group = "set",
        Summary = "Intersect multiple sets", Complexity = "O(N*M)",
        Syntax = "key...",
        Keys = "RO access @1 -1/1/0",
        Tips = "nondeterministic_output_order")]
    public static void SInter(ref RedisCall call)
    {
        if (!TrySets(ref call, 1, call.Count - 1, out var sets))
            return;
        // The size is known last, so members wait in a side buffer; no set is built.
        var reply = call.Reply;
        var outer = reply.BeginDeferred();
        var count = Intersect(sets, null, 0, reply);
        reply.EndDeferred(outer, r => r.Set(count));
    }

    [RedisCommand("SINTERSTORE", -3, Flags = StoreFlags, FirstKey = 1, LastKey = -1, KeyStep = 1, Group = "set",
        Summary = "Intersect multiple sets and store the resulting set in a key", Complexity = "O(N*M)",
        Syntax = "destination:key key...",
        Keys = "RW update @1; RO access @2 -1/1/0")]
    public static void SInterStore(ref RedisCall call)
    {
        if (TrySets(ref call, 2, call.Count - 2, out var sets))
            StoredResult.Put(ref call, call[1], Intersect(sets, call.Server.Options.Encodings), NotifyClass.Set, "sinterstore");
    }

    [RedisCommand("SINTERCARD", -3, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.MovableKeys, KeyCountAt = 1, Since = "7.0.0",
        Group = "set", Summary = "Intersect multiple sets and return the cardinality of the result", Complexity = "O(N*M)",
        Syntax = "numkeys:integer key... [LIMIT limit:integer]",
        Keys = "RO access @1 #0/1/1")]
    public static void SInterCard(ref RedisCall call)
    {
        if (TryCardinality(ref call, out var keys, out var limit) && TrySets(ref call, 2, keys, out var sets))
            call.Reply.Integer(Intersect(sets, null, limit));
    }

    [RedisCommand("SUNION", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = -1, KeyStep = 1, Group = "set",
        Summary = "Add multiple sets", Complexity = "O(N)",
        Syntax = "key...",
        Keys = "RO access @1 -1/1/0",
        Tips = "nondeterministic_output_order")]
    public static void SUnion(ref RedisCall call)
    {
        if (TrySets(ref call, 1, call.Count - 1, out var sets))
            SetRead.ReplyAll(call.Reply, Unite(sets, call.Server.Options.Encodings));
    }

    [RedisCommand("SUNIONSTORE", -3, Flags = StoreFlags, FirstKey = 1, LastKey = -1, KeyStep = 1, Group = "set",
        Summary = "Add multiple sets and store the resulting set in a key", Complexity = "O(N)",
        Syntax = "destination:key key...",
        Keys = "OW update @1; RO access @2 -1/1/0")]
    public static void SUnionStore(ref RedisCall call)
    {
        if (TrySets(ref call, 2, call.Count - 2, out var sets))
            StoredResult.Put(ref call, call[1], Unite(sets, call.Server.Options.Encodings), NotifyClass.Set, "sunionstore");
    }

    [RedisCommand("SDIFF", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = -1, KeyStep = 1, Group = "set",
        Summary = "Subtract multiple sets", Complexity = "O(N)",
        Syntax = "key...",
        Keys = "RO access @1 -1/1/0",
        Tips = "nondeterministic_output_order")]
    public static void SDiff(ref RedisCall call)
    {
        if (TrySets(ref call, 1, call.Count - 1, out var sets))
            SetRead.ReplyAll(call.Reply, Subtract(sets, call.Server.Options.Encodings));
    }

    [RedisCommand("SDIFFSTORE", -3, Flags = StoreFlags, FirstKey = 1, LastKey = -1, KeyStep = 1, Group = "set",
        Summary = "Subtract multiple sets and store the resulting set in a key", Complexity = "O(N)",
        Syntax = "destination:key key...",
        Keys = "OW update @1; RO access @2 -1/1/0")]
    public static void SDiffStore(ref RedisCall call)
    {
        if (TrySets(ref call, 2, call.Count - 2, out var sets))
            StoredResult.Put(ref call, call[1], Subtract(sets, call.Server.Options.Encodings), NotifyClass.Set, "sdiffstore");
    }

    private static bool TrySets(ref RedisCall call, int first, int count, out SetObject?[] sets)
    {
        sets = new SetObject?[count];
        for (var i = 0; i < count; i++)
        {
            if (!call.TryRead(call[first + i], out sets[i]))
                return false;
        }
        return true;
    }

    private static SetObject Intersect(SetObject?[] sets, EncodingLimits limits)
    {
        var result = new SetObject();
        Intersect(sets, (result, limits), 0);
        return result;
    }

    // Members of the smallest set that all others have too. Counts them up to a limit, and adds them to a set or writes them, if wanted.
    private static int Intersect(SetObject?[] sets, (SetObject Set, EncodingLimits Limits)? into, long limit, RespWriter? reply = null)
    {
        if (sets.Contains(null))
            return 0;
        var ordered = sets.OfType<SetObject>().Distinct().OrderBy(s => s.Count).ToArray();
        var count = 0;
        foreach (var member in ordered[0])
        {
            var inAll = true;
            for (var i = 1; inAll && i < ordered.Length; i++)
                inAll = ordered[i].Contains(member);
            if (!inAll)
                continue;
            into?.Set.Add(member, into.Value.Limits);
            reply?.Bulk(member);
            if (++count == limit)
                break;
        }
        return count;
    }

    private static SetObject Unite(SetObject?[] sets, EncodingLimits limits)
    {
        var result = new SetObject();
        foreach (var set in sets)
        {
            if (set is null)
                continue;
            foreach (var member in set)
                result.Add(member, limits);
        }
        return result;
    }

    // Either looks each member of the first set up in the others, or takes all members of the others out of a copy, whichever is less.
    private static SetObject Subtract(SetObject?[] sets, EncodingLimits limits)
    {
        var result = new SetObject();
        if (sets[0] is not { } first || sets.AsSpan(1).Contains(first))
            return result;
        var others = sets.Skip(1).OfType<SetObject>().OrderByDescending(s => s.Count).ToArray();
        if ((long)first.Count * (others.Length + 1) / 2 > first.Count + others.Sum(s => (long)s.Count))
        {
            foreach (var member in first)
                result.Add(member, limits);
            Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
            foreach (var other in others)
            {
                foreach (var member in other)
                    result.Remove(member.Text(scratch));
            }
            return result;
        }
        foreach (var member in first)
        {
            var inNone = true;
            for (var i = 0; inNone && i < others.Length; i++)
                inNone = !others[i].Contains(member);
            if (inNone)
                result.Add(member, limits);
        }
        return result;
    }

    private static bool TryCardinality(ref RedisCall call, out int keys, out long limit)
    {
        (keys, limit) = (0, 0);
        if (!KeyCount.TryParse(ref call, 1, out keys))
            return false;
        for (var i = 2 + keys; i < call.Count; i += 2)
        {
            if (!call.Is(i, "LIMIT"u8) || i + 1 == call.Count)
            {
                call.SyntaxError();
                return false;
            }
            if (!PositiveCount.TryParse(ref call, i + 1, out limit, "ERR LIMIT can't be negative"))
                return false;
        }
        return true;
    }
}
