namespace Microcosm.Redis;

/// <summary>
/// ZRANGE and ZRANGESTORE with all that they can do, and the older commands that do a part of it. Whatever a range is made of, it comes
/// down to a range of ranks.
/// </summary>
internal static class SortedSetRange
{
    private const RedisCommandFlags Flags = RedisCommandFlags.ReadOnly;

    [RedisCommand("ZRANGE", -4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "1.2.0", Group = "sorted-set",
        Summary = "Return a range of members in a sorted set", Complexity = "O(log(N)+M)",
        Syntax = "key start stop [sortby(BYSCORE|BYLEX)] [REV] [LIMIT offset_count{offset:integer count:integer}] "
            + "[WITHSCORES]",
        Keys = "RO access @1")]
    public static void ZRange(ref RedisCall call) => Read(ref call, new RangeOptions());

    [RedisCommand("ZREVRANGE", -4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "1.2.0", Group = "sorted-set",
        Summary = "Return a range of members in a sorted set, by index, with scores ordered from high to low", Complexity = "O(log(N)+M)",
        Syntax = "key start:integer stop:integer [WITHSCORES]",
        Keys = "RO access @1",
        Deprecated = "6.2.0 `ZRANGE` with the `REV` argument")]
    public static void ZRevRange(ref RedisCall call) => Read(ref call, new RangeOptions(RangeKind.Rank, reverse: true));

    [RedisCommand("ZRANGEBYSCORE", -4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "1.0.5", Group = "sorted-set",
        Summary = "Return a range of members in a sorted set, by score", Complexity = "O(log(N)+M)",
        Syntax = "key min:double max:double [WITHSCORES] [LIMIT offset_count{offset:integer count:integer}]",
        Keys = "RO access @1",
        Deprecated = "6.2.0 `ZRANGE` with the `BYSCORE` argument")]
    public static void ZRangeByScore(ref RedisCall call) => Read(ref call, new RangeOptions(RangeKind.Score, reverse: false));

    [RedisCommand("ZREVRANGEBYSCORE", -4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.2.0", Group = "sorted-set",
        Summary = "Return a range of members in a sorted set, by score, with scores ordered from high to low", Complexity = "O(log(N)+M)",
        Syntax = "key max:double min:double [WITHSCORES] [LIMIT offset_count{offset:integer count:integer}]",
        Keys = "RO access @1",
        Deprecated = "6.2.0 `ZRANGE` with the `REV` and `BYSCORE` arguments")]
    public static void ZRevRangeByScore(ref RedisCall call) => Read(ref call, new RangeOptions(RangeKind.Score, reverse: true));

    [RedisCommand("ZRANGEBYLEX", -4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.8.9", Group = "sorted-set",
        Summary = "Return a range of members in a sorted set, by lexicographical range", Complexity = "O(log(N)+M)",
        Syntax = "key min max [LIMIT offset_count{offset:integer count:integer}]",
        Keys = "RO access @1",
        Deprecated = "6.2.0 `ZRANGE` with the `BYLEX` argument")]
    public static void ZRangeByLex(ref RedisCall call) => Read(ref call, new RangeOptions(RangeKind.Lex, reverse: false));

    [RedisCommand("ZREVRANGEBYLEX", -4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.8.9", Group = "sorted-set",
        Summary = "Return a range of members in a sorted set, by lexicographical range, ordered from higher to lower strings.",
        Complexity = "O(log(N)+M)",
        Syntax = "key max min [LIMIT offset_count{offset:integer count:integer}]",
        Keys = "RO access @1",
        Deprecated = "6.2.0 `ZRANGE` with the `REV` and `BYLEX` arguments")]
    public static void ZRevRangeByLex(ref RedisCall call) => Read(ref call, new RangeOptions(RangeKind.Lex, reverse: true));

    [RedisCommand("ZRANGESTORE", -5, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 2, KeyStep = 1,
        Since = "6.2.0", Group = "sorted-set", Summary = "Store a range of members from sorted set into another key",
            Complexity = "O(log(N)+M)",
        Syntax = "dst:key src:key min max [sortby(BYSCORE|BYLEX)] [REV] [LIMIT offset_count{offset:integer "
            + "count:integer}]",
        Keys = "OW update @1; RO access @2")]
    public static void ZRangeStore(ref RedisCall call)
    {
        var options = new RangeOptions();
        if (!TryRange(ref call, 2, store: true, options, out var set, out var start, out var count))
            return;
        var result = new SortedSetObject();
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        for (var place = count > 0 ? set!.Seek(start) : default; count > 0; count--, place = place.Step(options.Reverse))
            result.Set(place.Member.Text(scratch), place.Score, call.Server.Options.Encodings);
        StoredResult.Put(ref call, call[1], result, NotifyClass.SortedSet, "zrangestore");
    }

    /// <summary>Answers members in order, with scores as the protocol has them: flat in RESP2, pairs in RESP3.</summary>
    public static void Reply(RespWriter reply, SortedSetCursor place, int count, bool reverse, bool withScores)
    {
        reply.Array(withScores && reply.Protocol == 2 ? count * 2 : count);
        for (; count > 0; count--, place = place.Step(reverse))
        {
            if (withScores && reply.Protocol > 2)
                reply.Array(2);
            reply.Bulk(place.Member);
            if (withScores)
                reply.Double(place.Score);
        }
    }

    private static void Read(ref RedisCall call, RangeOptions options)
    {
        if (TryRange(ref call, 1, store: false, options, out var set, out var start, out var count))
            Reply(call.Reply, count > 0 ? set!.Seek(start) : default, count, options.Reverse, options.WithScores);
    }

    // Finds the rank that the range begins at, from which it goes on in its direction, and how many members it has.
    private static bool TryRange(
        ref RedisCall call, int keyAt, bool store, RangeOptions options, out SortedSetObject? set, out int start, out int count)
    {
        (set, start, count) = (null, 0, 0);
        if (!options.TryParse(ref call, keyAt + 3, store))
            return false;
        var (minAt, maxAt) = (keyAt + 1, keyAt + 2);
        if (options.Reverse && options.Kind != RangeKind.Rank)
            (minAt, maxAt) = (maxAt, minAt);
        int low, high;
        switch (options.Kind)
        {
            case RangeKind.Score:
                if (!SortedSetBounds.TryScores(ref call, minAt, maxAt, out var from, out var to) || !call.TryRead(call[keyAt], out set))
                    return false;
                (low, high) = (set?.LowerBound(from) ?? 0, set?.LowerBound(to) ?? 0);
                break;
            case RangeKind.Lex:
                if (!SortedSetBounds.TryMembers(ref call, minAt, maxAt, out var first, out var last) || !call.TryRead(call[keyAt], out set))
                    return false;
                (low, high) = (set?.LowerBound(first) ?? 0, set?.LowerBound(last) ?? 0);
                break;
            default:
                if (!call.TryInteger(minAt, out var begin) || !call.TryInteger(maxAt, out var end) || !call.TryRead(call[keyAt], out set))
                    return false;
                if (set is not null && ListEdit.TryRange(ref begin, ref end, set.Count))
                    (start, count) = (options.Reverse ? set.Count - 1 - (int)begin : (int)begin, (int)(end - begin) + 1);
                return true;
        }
        var length = Math.Max(0, high - low);
        // A negative offset skips everything, a negative limit is none.
        var skip = options.Offset < 0 ? length : Math.Min(options.Offset, length);
        count = (int)(options.Limit < 0 ? length - skip : Math.Min(options.Limit, length - skip));
        start = (int)(options.Reverse ? high - 1 - skip : low + skip);
        return true;
    }

    private enum RangeKind
    {
        Unknown,
        Rank,
        Score,
        Lex,
    }

    private sealed class RangeOptions(RangeKind kind = RangeKind.Unknown, bool? reverse = null)
    {
        private bool? _reverse = reverse;

        public RangeKind Kind { get; private set; } = kind;

        public bool Reverse => _reverse == true;

        public bool WithScores { get; private set; }

        public long Offset { get; private set; }

        public long Limit { get; private set; } = -1;

        public bool TryParse(ref RedisCall call, int at, bool store)
        {
            for (var i = at; i < call.Count; i++)
            {
                if (!store && call.Is(i, "WITHSCORES"u8))
                {
                    WithScores = true;
                }
                else if (call.Is(i, "LIMIT"u8) && i + 2 < call.Count)
                {
                    if (!call.TryInteger(i + 1, out var offset) || !call.TryInteger(i + 2, out var limit))
                        return false;
                    (Offset, Limit) = (offset, limit);
                    i += 2;
                }
                else if (_reverse is null && call.Is(i, "REV"u8))
                {
                    _reverse = true;
                }
                else if (Kind == RangeKind.Unknown && call.Is(i, "BYLEX"u8))
                {
                    Kind = RangeKind.Lex;
                }
                else if (Kind == RangeKind.Unknown && call.Is(i, "BYSCORE"u8))
                {
                    Kind = RangeKind.Score;
                }
                else
                {
                    call.SyntaxError();
                    return false;
                }
            }
            if (Kind == RangeKind.Unknown)
                Kind = RangeKind.Rank;
            return AreCompatible(ref call);
        }

        private bool AreCompatible(ref RedisCall call)
        {
            if (Limit != -1 && Kind == RangeKind.Rank)
                call.Reply.Error("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
            else if (WithScores && Kind == RangeKind.Lex)
                call.Reply.Error("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
            else
                return true;
            return false;
        }
    }
}
