namespace Microcosm.Redis;

/// <summary>ZUNION, ZINTER, ZINTERCARD, ZDIFF and those that store their result. Inputs may be sets too.</summary>
internal static class SortedSetAlgebra
{
    private const RedisCommandFlags ReadFlags = RedisCommandFlags.ReadOnly | RedisCommandFlags.MovableKeys;
    private const RedisCommandFlags StoreFlags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.MovableKeys;

    [RedisCommand("ZUNION", -3, Flags = ReadFlags, KeyCountAt = 1, Since = "6.2.0", Group = "sorted-set",
        Summary = "Add multiple sorted sets", Complexity = "O(N)+O(M*log(M))",
        Syntax = "numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE aggregate(SUM|MIN|MAX)] [WITHSCORES]",
        Keys = "RO access @1 #0/1/1")]
    public static void ZUnion(ref RedisCall call) => Read(ref call, AlgebraKind.Union);

    [RedisCommand("ZINTER", -3, Flags = ReadFlags, KeyCountAt = 1, Since = "6.2.0", Group = "sorted-set",
        Summary = "Intersect multiple sorted sets", Complexity = "O(N*K)+O(M*log(M))",
        Syntax = "numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE aggregate(SUM|MIN|MAX)] [WITHSCORES]",
        Keys = "RO access @1 #0/1/1")]
    public static void ZInter(ref RedisCall call) => Read(ref call, AlgebraKind.Inter);

    [RedisCommand("ZDIFF", -3, Flags = ReadFlags, KeyCountAt = 1, Since = "6.2.0", Group = "sorted-set",
        Summary = "Subtract multiple sorted sets", Complexity = "O(L + (N-K)log(N))",
        Syntax = "numkeys:integer key... [WITHSCORES]",
        Keys = "RO access @1 #0/1/1")]
    public static void ZDiff(ref RedisCall call) => Read(ref call, AlgebraKind.Diff);

    [RedisCommand("ZUNIONSTORE", -4, Flags = StoreFlags, FirstKey = 1, LastKey = 1, KeyStep = 1, KeyCountAt = 2, Since = "2.0.0",
        Group = "sorted-set", Summary = "Add multiple sorted sets and store the resulting sorted set in a new key",
        Complexity = "O(N)+O(M log(M))",
        Syntax = "destination:key numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE aggregate(SUM|MIN|"
            + "MAX)]",
        Keys = "OW update @1; RO access @2 #0/1/1")]
    public static void ZUnionStore(ref RedisCall call) => Store(ref call, AlgebraKind.Union, "zunionstore");

    [RedisCommand("ZINTERSTORE", -4, Flags = StoreFlags, FirstKey = 1, LastKey = 1, KeyStep = 1, KeyCountAt = 2, Since = "2.0.0",
        Group = "sorted-set", Summary = "Intersect multiple sorted sets and store the resulting sorted set in a new key",
        Complexity = "O(N*K)+O(M*log(M))",
        Syntax = "destination:key numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE aggregate(SUM|MIN|"
            + "MAX)]",
        Keys = "OW update @1; RO access @2 #0/1/1")]
    public static void ZInterStore(ref RedisCall call) => Store(ref call, AlgebraKind.Inter, "zinterstore");

    [RedisCommand("ZDIFFSTORE", -4, Flags = StoreFlags, FirstKey = 1, LastKey = 1, KeyStep = 1, KeyCountAt = 2, Since = "6.2.0",
        Group = "sorted-set", Summary = "Subtract multiple sorted sets and store the resulting sorted set in a new key",
        Complexity = "O(L + (N-K)log(N))",
        Syntax = "destination:key numkeys:integer key...",
        Keys = "OW update @1; RO access @2 #0/1/1")]
    public static void ZDiffStore(ref RedisCall call) => Store(ref call, AlgebraKind.Diff, "zdiffstore");

    [RedisCommand("ZINTERCARD", -3, Flags = ReadFlags, KeyCountAt = 1, Since = "7.0.0", Group = "sorted-set",
        Summary = "Intersect multiple sorted sets and return the cardinality of the result", Complexity = "O(N*K)",
        Syntax = "numkeys:integer key... [LIMIT limit:integer]",
        Keys = "RO access @1 #0/1/1")]
    public static void ZInterCard(ref RedisCall call)
    {
        if (AlgebraArguments.TryParse(ref call, 1, AlgebraKind.Card, store: false, out var arguments))
            call.Reply.Integer(Intersect(arguments, call.Server.Options.Encodings).Count);
    }

    private static void Read(ref RedisCall call, AlgebraKind kind)
    {
        if (!AlgebraArguments.TryParse(ref call, 1, kind, store: false, out var arguments))
            return;
        var result = Compute(arguments, kind, call.Server.Options.Encodings);
        SortedSetRange.Reply(call.Reply, result.Seek(0), result.Count, reverse: false, arguments.WithScores);
    }

    private static void Store(ref RedisCall call, AlgebraKind kind, string name)
    {
        if (AlgebraArguments.TryParse(ref call, 2, kind, store: true, out var arguments))
            StoredResult.Put(ref call, call[1], Compute(arguments, kind, call.Server.Options.Encodings), NotifyClass.SortedSet, name);
    }

    private static SortedSetObject Compute(AlgebraArguments arguments, AlgebraKind kind, EncodingLimits limits) =>
        SortedSetObject.FromTable(
            kind switch
            {
                AlgebraKind.Union => Unite(arguments, limits),
                AlgebraKind.Diff => Subtract(arguments, limits),
                _ => Intersect(arguments, limits),
            },
            limits);

    private static ByteTable<SortedSetItem> Unite(AlgebraArguments arguments, EncodingLimits limits)
    {
        var result = new ByteTable<SortedSetItem>(limits.HashSeed);
        foreach (var source in arguments.Sources.OrderBy(s => s.Count))
        {
            foreach (var (member, score) in source.Items())
            {
                var slot = result.Find(member);
                if (slot < 0)
                    result.Add(SortedSetItem.Pack(member, score));
                else
                    result.Replace(slot, SortedSetItem.Pack(member, arguments.Aggregate(SortedSetItem.ScoreOf(result[slot]), score)));
            }
        }
        return result;
    }

    private static ByteTable<SortedSetItem> Intersect(AlgebraArguments arguments, EncodingLimits limits)
    {
        var result = new ByteTable<SortedSetItem>(limits.HashSeed);
        var ordered = arguments.Sources.OrderBy(s => s.Count).ToArray();
        foreach (var (member, first) in ordered[0].Items())
        {
            var score = first;
            var inAll = true;
            for (var i = 1; inAll && i < ordered.Length; i++)
            {
                inAll = ordered[i].TryGetScore(member, out var other);
                score = arguments.Aggregate(score, other);
            }
            if (!inAll)
                continue;
            result.Add(SortedSetItem.Pack(member, score));
            if (result.Count == arguments.Limit)
                break;
        }
        return result;
    }

    // Either looks each member of the first up in the others, or takes all members of the others out of a copy, whichever is less.
    private static ByteTable<SortedSetItem> Subtract(AlgebraArguments arguments, EncodingLimits limits)
    {
        var result = new ByteTable<SortedSetItem>(limits.HashSeed);
        var first = arguments.Sources[0];
        var others = arguments.Sources.Skip(1).Where(s => s.Count > 0).OrderByDescending(s => s.Count).ToArray();
        if (others.Any(first.IsSameAs))
            return result;
        var lookUp = (long)first.Count * (others.Length + 1) / 2 <= first.Count + others.Sum(s => (long)s.Count);
        foreach (var (member, score) in first.Items())
        {
            if (!lookUp || !others.Any(o => o.TryGetScore(member, out _)))
                result.Add(SortedSetItem.Pack(member, score));
        }
        for (var i = 0; !lookUp && i < others.Length; i++)
        {
            foreach (var (member, _) in others[i].Items())
                result.Remove(member);
        }
        return result;
    }
}
