namespace Microcosm.Redis;

/// <summary>ZADD and ZINCRBY, which is ZADD with INCR.</summary>
internal static class SortedSetAdd
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast;

    [RedisCommand("ZADD", -4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "1.2.0", Group = "sorted-set",
        Summary = "Add one or more members to a sorted set, or update its score if it already exists", Complexity = "O(log(N))",
        Syntax = "key [condition(NX|XX)] [comparison(GT|LT)] [CH=change] [INCR=increment] score_member{score:double "
            + "member}...",
        Keys = "RW update @1")]
    public static void ZAdd(ref RedisCall call)
    {
        var options = new AddOptions();
        var at = 2;
        while (at < call.Count && options.TryTake(ref call, at))
            at++;
        if (options.AreValid(ref call, call.Count - at))
            Add(ref call, options, at);
    }

    [RedisCommand("ZINCRBY", 4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "1.2.0", Group = "sorted-set",
        Summary = "Increment the score of a member in a sorted set", Complexity = "O(log(N))",
        Syntax = "key increment:integer member",
        Keys = "RW access update @1")]
    public static void ZIncrBy(ref RedisCall call) => Add(ref call, new AddOptions { Increments = true }, 2);

    private static void Add(ref RedisCall call, AddOptions options, int at)
    {
        var pairs = (call.Count - at) / 2;
        // Nothing is added before all scores are known to be numbers.
        Span<double> scores = pairs <= 32 ? stackalloc double[pairs] : new double[pairs];
        for (var i = 0; i < pairs; i++)
        {
            if (!call.TryDouble(at + i * 2, out scores[i]))
                return;
        }
        if (!call.TryWrite<SortedSetObject>(call[1], out var found))
            return;
        if (found is null && options.OnlyExisting)
        {
            Reply(ref call, options, default, null);
            return;
        }
        var set = found ?? new SortedSetObject();
        var counts = default((int Added, int Updated));
        double? last = null;
        var isNan = false;
        for (var i = 0; i < pairs && !isNan; i++)
            last = Put(set, call[at + i * 2 + 1], scores[i], options, call.Server.Options.Encodings, ref counts, out isNan);
        if (found is null && set.Count > 0)
            call.Db.SetObject(call[1], set);
        if (isNan)
            call.Reply.Error("ERR resulting score is not a number (NaN)");
        else
            Reply(ref call, options, counts, last);
        if (counts is (0, 0))
            return;
        call.Server.Propagation.Dirty += counts.Added + counts.Updated - 1;
        call.Modified(call[1], NotifyClass.SortedSet, options.Increments ? "zincr" : "zadd");
    }

    // Returns the member's new score, or null when the options left it as it was.
    private static double? Put(
        SortedSetObject set, ReadOnlySpan<byte> member, double score, AddOptions options, EncodingLimits limits,
        ref (int Added, int Updated) counts, out bool isNan)
    {
        isNan = false;
        if (!set.TryGetScore(member, out var current))
        {
            if (options.OnlyExisting)
                return null;
            set.Set(member, score, limits);
            counts.Added++;
            return score;
        }
        if (options.OnlyNew)
            return null;
        if (options.Increments)
            score += current;
        isNan = double.IsNaN(score);
        if (isNan || (options.OnlyLess && score >= current) || (options.OnlyGreater && score <= current))
            return null;
        if (score != current)
        {
            set.Set(member, score, limits);
            counts.Updated++;
        }
        return score;
    }

    private static void Reply(ref RedisCall call, AddOptions options, (int Added, int Updated) counts, double? score)
    {
        if (!options.Increments)
            call.Reply.Integer(options.CountsChanges ? counts.Added + counts.Updated : counts.Added);
        else if (score is { } value)
            call.Reply.Double(value);
        else
            call.Reply.Null();
    }

    private struct AddOptions
    {
        public bool OnlyNew { get; private set; }

        public bool OnlyExisting { get; private set; }

        public bool OnlyGreater { get; private set; }

        public bool OnlyLess { get; private set; }

        public bool CountsChanges { get; private set; }

        public bool Increments { get; set; }

        public bool TryTake(ref RedisCall call, int at)
        {
            if (call.Is(at, "NX"u8))
                OnlyNew = true;
            else if (call.Is(at, "XX"u8))
                OnlyExisting = true;
            else if (call.Is(at, "GT"u8))
                OnlyGreater = true;
            else if (call.Is(at, "LT"u8))
                OnlyLess = true;
            else if (call.Is(at, "CH"u8))
                CountsChanges = true;
            else if (call.Is(at, "INCR"u8))
                Increments = true;
            else
                return false;
            return true;
        }

        public readonly bool AreValid(ref RedisCall call, int left)
        {
            if (left == 0 || left % 2 != 0)
                call.SyntaxError();
            else if (OnlyNew && OnlyExisting)
                call.Reply.Error("ERR XX and NX options at the same time are not compatible");
            else if ((OnlyGreater && OnlyNew) || (OnlyLess && OnlyNew) || (OnlyGreater && OnlyLess))
                call.Reply.Error("ERR GT, LT, and/or NX options at the same time are not compatible");
            else if (Increments && left > 2)
                call.Reply.Error("ERR INCR option supports a single increment-element pair");
            else
                return true;
            return false;
        }
    }
}
