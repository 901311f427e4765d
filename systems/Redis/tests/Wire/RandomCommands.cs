using System.Globalization;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

/// <summary>Random commands on a few keys, so that they meet each other; valid ones mostly.</summary>
internal sealed class RandomCommands(RandomStream random)
{
    private static readonly string[] Odd = ["foo", "1.5", "-0", "007", "", "9223372036854775807", new('x', 64), new('y', 65)];

    public string[] Next()
    {
        // Now and then a key of another type, or a key that goes.
        if (random.Chance(0.005))
            return ["DEL", Key(random.Pick(["h", "l", "s", "z"]))];
        return random.Next(4) switch
        {
            0 => Hash(Key("h")),
            1 => List(Key("l"), Key("l")),
            2 => Set(Key("s"), Key("s")),
            _ => random.Next(4) == 0 ? Geo() : SortedSet(Key("z"), Key("z")),
        };
    }

    private string[] Hash(string key) => random.Next(12) switch
    {
        0 or 1 => ["HSET", key, .. Many(Pair)],
        2 => ["HSETNX", key, Value(), Value()],
        3 => ["HGET", key, Value()],
        4 => ["HMGET", key, Value(), Value()],
        5 => ["HGETALL", key],
        6 => ["HDEL", key, .. Many(One)],
        7 => ["HINCRBY", key, Value(), Number()],
        8 => ["HINCRBYFLOAT", key, Value(), random.Pick(["1.5", "-2", "3e2", "0.1"])],
        9 => ["HSTRLEN", key, Value()],
        10 => ["HSCAN", key, "0", "COUNT", "1000", "MATCH", "*1*"],
        _ => ["OBJECT", "ENCODING", key],
    };

    private string[] List(string key, string other) => random.Next(14) switch
    {
        0 or 1 => [random.Pick(["LPUSH", "RPUSH"]), key, .. Many(One)],
        2 => [random.Pick(["LPUSHX", "RPUSHX"]), key, Value()],
        3 => [random.Pick(["LPOP", "RPOP"]), key, Number()],
        4 => ["LRANGE", key, Number(), Number()],
        5 => ["LINDEX", key, Number()],
        6 => ["LSET", key, Number(), Value()],
        7 => ["LINSERT", key, random.Pick(["BEFORE", "AFTER"]), Value(), Value()],
        8 => ["LREM", key, Number(), Value()],
        9 => ["LTRIM", key, Number(), Number()],
        10 => ["LPOS", key, Value(), "RANK", Number(), "COUNT", Number()],
        11 => ["LMOVE", key, other, random.Pick(["LEFT", "RIGHT"]), random.Pick(["LEFT", "RIGHT"])],
        12 => ["LMPOP", "2", key, other, random.Pick(["LEFT", "RIGHT"]), "COUNT", Number()],
        _ => ["BLMOVE", key, other, "LEFT", "LEFT", "0.001"],
    };

    private string[] Set(string key, string other) => random.Next(11) switch
    {
        0 => ["SADD", key, .. Many(One)],
        1 or 2 => ["SADD", key, .. Many(() => [Number()])],
        3 => ["SREM", key, .. Many(One)],
        4 => ["SMOVE", key, other, Value()],
        5 => ["SMEMBERS", key],
        6 => ["SMISMEMBER", key, Value(), Value()],
        7 => [random.Pick(["SINTER", "SUNION", "SDIFF"]), key, other, Key("s")],
        8 => [random.Pick(["SINTERSTORE", "SUNIONSTORE", "SDIFFSTORE"]), Key("s"), key, other],
        9 => ["SINTERCARD", "2", key, other, "LIMIT", Number()],
        _ => ["OBJECT", "ENCODING", key],
    };

    private string[] SortedSet(string key, string other) => random.Next(16) switch
    {
        0 or 1 => ["ZADD", key, .. Many(() => [Score(), Value()])],
        2 => ["ZADD", key, random.Pick(["NX", "XX", "GT", "LT"]), "CH", Score(), Value()],
        3 => ["ZINCRBY", key, Score(), Value()],
        4 => ["ZREM", key, .. Many(One)],
        5 => ["ZMSCORE", key, Value(), Value()],
        6 => [random.Pick(["ZRANK", "ZREVRANK"]), key, Value()],
        7 => ["ZCOUNT", key, "(" + Score(), Score()],
        8 => ["ZRANGE", key, Number(), Number(), "WITHSCORES"],
        9 => ["ZRANGEBYSCORE", key, Score(), "(" + Score(), "WITHSCORES", "LIMIT", Number(), Number()],
        10 => ["ZRANGESTORE", other, key, Number(), Number(), "REV"],
        11 => ["ZREMRANGEBYSCORE", key, Score(), Score()],
        12 => [random.Pick(["ZPOPMIN", "ZPOPMAX"]), key, Number()],
        13 => [random.Pick(["ZUNION", "ZINTER"]), "2", key, Key("s"), "WEIGHTS", Score(), "2", "AGGREGATE", "MAX", "WITHSCORES"],
        14 => [random.Pick(["ZUNIONSTORE", "ZINTERSTORE", "ZDIFFSTORE"]), Key("z"), "2", key, other],
        _ => ["OBJECT", "ENCODING", key],
    };

    private string[] Geo() => random.Next(5) switch
    {
        0 or 1 => ["GEOADD", "g", Coordinate(180), Coordinate(85), "m" + random.Next(30)],
        2 => ["GEODIST", "g", "m" + random.Next(30), "m" + random.Next(30), "km"],
        3 => ["GEOPOS", "g", "m" + random.Next(30)],
        _ => ["GEOSEARCH", "g", "FROMLONLAT", Coordinate(180), Coordinate(85), "BYBOX", "5000", "3000", "km", "ASC", "WITHDIST",
            "WITHHASH"],
    };

    private string Key(string kind) => (random.Chance(0.01) ? "z" : kind) + random.Next(3);

    private string Value() => random.Next(4) switch
    {
        0 => random.Pick(Odd),
        1 => new string((char)('a' + random.Next(8)), random.Next(1, 4)),
        _ => Number(),
    };

    private string Number() => (random.Next(12) - 4).ToString(CultureInfo.InvariantCulture);

    private string Score() => random.Chance(0.2) ? random.Pick(["inf", "-inf", "1e17", "0.1", "-2.25", "5e300"]) : Number();

    private string Coordinate(int max) => ((random.NextDouble() * 2 - 1) * max).ToString("R", CultureInfo.InvariantCulture);

    private string[] One() => [Value()];

    private string[] Pair() => [Value(), Value()];

    private string[] Many(Func<string[]> make) => [.. Enumerable.Range(0, random.Next(1, 5)).SelectMany(_ => make())];
}
