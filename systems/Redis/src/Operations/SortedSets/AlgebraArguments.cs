namespace Microcosm.Redis;

/// <summary>The arguments of ZUNION and its kin: number of keys, keys, WEIGHTS, AGGREGATE, WITHSCORES, LIMIT.</summary>
internal sealed class AlgebraArguments
{
    private AggregateKind _aggregate;

    private AlgebraArguments(SortedSetSource[] sources) => Sources = sources;

    public SortedSetSource[] Sources { get; }

    public bool WithScores { get; private set; }

    /// <summary>Where to stop counting; 0 for nowhere.</summary>
    public long Limit { get; private set; }

    /// <summary>Reads from the number of keys on, or answers the error.</summary>
    public static bool TryParse(ref RedisCall call, int at, AlgebraKind kind, bool store, out AlgebraArguments arguments)
    {
        arguments = null!;
        if (!call.TryInteger(at, out var keys))
            return false;
        if (keys < 1)
        {
            call.Reply.Error($"ERR at least 1 input key is needed for '{call.Operation.Declaration.Name.ToLowerInvariant()}' command");
            return false;
        }
        if (keys > call.Count - at - 1)
        {
            call.SyntaxError();
            return false;
        }
        var sources = new SortedSetSource[keys];
        for (var i = 0; i < sources.Length; i++)
        {
            var entry = call.Db.Read(call[at + 1 + i]);
            if (entry.Exists && entry.Type is not (RedisType.SortedSet or RedisType.Set))
            {
                call.WrongType();
                return false;
            }
            sources[i] = new SortedSetSource(entry.Object);
        }
        arguments = new AlgebraArguments(sources);
        return arguments.TryOptions(ref call, at + 1 + sources.Length, kind, store);
    }

    /// <summary>Joins the scores of one member in two sets.</summary>
    public double Aggregate(double a, double b) => _aggregate switch
    {
        // Infinities of both signs make 0.
        AggregateKind.Sum => double.IsNaN(a + b) ? 0 : a + b,
        AggregateKind.Min => Math.Min(a, b),
        _ => Math.Max(a, b),
    };

    private bool TryOptions(ref RedisCall call, int at, AlgebraKind kind, bool store)
    {
        var combines = kind is AlgebraKind.Union or AlgebraKind.Inter;
        while (at < call.Count)
        {
            var left = call.Count - at;
            if (combines && left > Sources.Length && call.Is(at, "WEIGHTS"u8))
            {
                foreach (var source in Sources)
                {
                    if (!call.TryDouble(++at, out var weight, "ERR weight value is not a float"))
                        return false;
                    source.Weight = weight;
                }
            }
            else if (combines && left >= 2 && call.Is(at, "AGGREGATE"u8))
            {
                if (!TryAggregate(ref call, ++at))
                    return false;
            }
            else if (kind != AlgebraKind.Card && !store && call.Is(at, "WITHSCORES"u8))
            {
                WithScores = true;
            }
            else if (kind == AlgebraKind.Card && left >= 2 && call.Is(at, "LIMIT"u8))
            {
                if (!PositiveCount.TryParse(ref call, ++at, out var limit, "ERR LIMIT can't be negative"))
                    return false;
                Limit = limit;
            }
            else
            {
                call.SyntaxError();
                return false;
            }
            at++;
        }
        return true;
    }

    private bool TryAggregate(ref RedisCall call, int at)
    {
        if (call.Is(at, "SUM"u8))
            _aggregate = AggregateKind.Sum;
        else if (call.Is(at, "MIN"u8))
            _aggregate = AggregateKind.Min;
        else if (call.Is(at, "MAX"u8))
            _aggregate = AggregateKind.Max;
        else
        {
            call.SyntaxError();
            return false;
        }
        return true;
    }

    private enum AggregateKind
    {
        Sum,
        Min,
        Max,
    }
}
