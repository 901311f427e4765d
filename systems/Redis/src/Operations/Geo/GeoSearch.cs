namespace Microcosm.Redis;

/// <summary>GEOSEARCH, GEOSEARCHSTORE and the older GEORADIUS, GEORADIUSBYMEMBER and their read-only forms.</summary>
internal static class GeoSearch
{
    private const RedisCommandFlags StoreFlags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom;

    [RedisCommand("GEOSEARCH", -7, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "6.2.0",
        Group = "geo",
        Summary = "Query a sorted set representing a geospatial index to fetch members inside an area of a box or a circle.",
        Complexity = "O(N+log(M))",
        Syntax = "key from(FROMMEMBER member|FROMLONLAT longitude_latitude{longitude:double latitude:double}) "
            + "by(circle{BYRADIUS radius:double unit(M|KM|FT|MI)}|box{BYBOX width:double height:double unit(M|KM|"
            + "FT|MI)}) [order(ASC|DESC)] [count{COUNT count:integer [ANY]}] [WITHCOORD] [WITHDIST] [WITHHASH]",
        Keys = "RO access @1")]
    public static void Search(ref RedisCall call) => Execute(ref call, 1, GeoSearchForm.Search);

    [RedisCommand("GEOSEARCHSTORE", -8, Flags = StoreFlags, FirstKey = 1, LastKey = 2, KeyStep = 1, Since = "6.2.0", Group = "geo",
        Summary = "Query a sorted set representing a geospatial index to fetch members inside an area of a box or a circle, and "
            + "store the result in another key.",
        Complexity = "O(N+log(M))",
        Syntax = "destination:key source:key from(FROMMEMBER member|FROMLONLAT longitude_latitude{longitude:double "
            + "latitude:double}) by(circle{BYRADIUS radius:double unit(M|KM|FT|MI)}|box{BYBOX width:double "
            + "height:double unit(M|KM|FT|MI)}) [order(ASC|DESC)] [count{COUNT count:integer [ANY]}] [STOREDIST]",
        Keys = "OW update @1; RO access @2")]
    public static void SearchStore(ref RedisCall call) => Execute(ref call, 2, GeoSearchForm.SearchStore);

    [RedisCommand("GEORADIUS", -6, Flags = StoreFlags | RedisCommandFlags.MovableKeys, FirstKey = 1, LastKey = 1, KeyStep = 1,
        StoreFrom = 6, Since = "3.2.0",
        Group = "geo",
            Summary = "Query a sorted set representing a geospatial index to fetch members matching a given maximum distance from a point",
        Complexity = "O(N+log(M))",
        Syntax = "key longitude:double latitude:double radius:double unit(M|KM|FT|MI) [WITHCOORD] [WITHDIST] "
            + "[WITHHASH] [count{COUNT count:integer [ANY]}] [order(ASC|DESC)] [STORE key] [STOREDIST key]",
        Keys = "RO access @1; OW update @STORE/6; OW update @STOREDIST/6",
        Deprecated = "6.2.0 `GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument")]
    public static void Radius(ref RedisCall call) => Execute(ref call, 1, GeoSearchForm.Radius);

    [RedisCommand("GEORADIUS_RO", -6, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "3.2.10",
        Group = "geo", Summary = "A read-only variant for GEORADIUS", Complexity = "O(N+log(M))",
        Syntax = "key longitude:double latitude:double radius:double unit(M|KM|FT|MI) [WITHCOORD] [WITHDIST] "
            + "[WITHHASH] [count{COUNT count:integer [ANY]}] [order(ASC|DESC)]",
        Keys = "RO access @1",
        Deprecated = "6.2.0 `GEOSEARCH` with the `BYRADIUS` argument")]
    public static void RadiusReadOnly(ref RedisCall call) => Execute(ref call, 1, GeoSearchForm.RadiusReadOnly);

    [RedisCommand("GEORADIUSBYMEMBER", -5, Flags = StoreFlags | RedisCommandFlags.MovableKeys, FirstKey = 1, LastKey = 1, KeyStep = 1,
        StoreFrom = 5, Since = "3.2.0", Group = "geo", Complexity = "O(N+log(M))",
        Summary = "Query a sorted set representing a geospatial index to fetch members matching a given maximum distance from a member",
        Syntax = "key member radius:double unit(M|KM|FT|MI) [WITHCOORD] [WITHDIST] [WITHHASH] [count{COUNT "
            + "count:integer [ANY]}] [order(ASC|DESC)] [STORE key] [STOREDIST key]",
        Keys = "RO access @1; OW update @STORE/5; OW update @STOREDIST/5",
        Deprecated = "6.2.0 `GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments")]
    public static void RadiusByMember(ref RedisCall call) => Execute(ref call, 1, GeoSearchForm.RadiusByMember);

    [RedisCommand("GEORADIUSBYMEMBER_RO", -5, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "3.2.10",
        Group = "geo", Summary = "A read-only variant for GEORADIUSBYMEMBER", Complexity = "O(N+log(M))",
        Syntax = "key member radius:double unit(M|KM|FT|MI) [WITHCOORD] [WITHDIST] [WITHHASH] [count{COUNT "
            + "count:integer [ANY]}] [order(ASC|DESC)]",
        Keys = "RO access @1",
        Deprecated = "6.2.0 `GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments")]
    public static void RadiusByMemberReadOnly(ref RedisCall call) => Execute(ref call, 1, GeoSearchForm.RadiusByMemberReadOnly);

    private static void Execute(ref RedisCall call, int keyAt, GeoSearchForm form)
    {
        if (!call.TryRead<SortedSetObject>(call[keyAt], out var set))
            return;
        var options = new GeoSearchOptions(set, form);
        if (!options.TryParse(ref call))
            return;
        var found = set is null ? [] : Find(set, options);
        if (options.Order != 0)
            found = [.. options.Order > 0 ? found.OrderBy(p => p.Distance) : found.OrderByDescending(p => p.Distance)];
        if (options.Count > 0 && found.Count > options.Count)
            found.RemoveRange((int)options.Count, found.Count - (int)options.Count);
        if (options.StoreKey is { } storeKey)
            Store(ref call, storeKey, found, options, form == GeoSearchForm.SearchStore ? "geosearchstore" : "georadiusstore");
        else
            Reply(call.Reply, found, options);
    }

    private static List<GeoPoint> Find(SortedSetObject set, GeoSearchOptions options)
    {
        var found = new List<GeoPoint>();
        var shape = options.Shape;
        foreach (var cell in shape.Cover())
        {
            var rank = set.LowerBound(new ScoreBound(cell.Score, behind: false));
            for (var place = set.Seek(rank); !place.IsNone && place.Score < cell.ScoreEnd; place = place.Next())
            {
                var (longitude, latitude) = GeoCell.Decode(place.Score);
                if (!shape.TryDistance(longitude, latitude, out var distance))
                    continue;
                found.Add(new GeoPoint(place.Member.ToArray(), place.Score, longitude, latitude, distance));
                if (options.Any && found.Count >= options.Count)
                    return found;
            }
        }
        return found;
    }

    private static void Store(ref RedisCall call, byte[] key, List<GeoPoint> found, GeoSearchOptions options, string name)
    {
        var result = new SortedSetObject();
        foreach (var point in found)
        {
            var score = options.StoreDistance ? point.Distance / options.UnitMetres : point.Score;
            result.Set(point.Member, score, call.Server.Options.Encodings);
        }
        call.Server.Propagation.Dirty += Math.Max(0, found.Count - 1);
        StoredResult.Put(ref call, key, result, NotifyClass.SortedSet, name);
    }

    private static void Reply(RespWriter reply, List<GeoPoint> found, GeoSearchOptions options)
    {
        var extras = (options.WithDistance ? 1 : 0) + (options.WithHash ? 1 : 0) + (options.WithPoint ? 1 : 0);
        reply.Array(found.Count);
        foreach (var point in found)
        {
            if (extras > 0)
                reply.Array(extras + 1);
            reply.Bulk(point.Member);
            if (options.WithDistance)
                GeoArguments.ReplyDistance(reply, point.Distance / options.UnitMetres);
            if (options.WithHash)
                reply.Integer((long)point.Score);
            if (options.WithPoint)
                GeoArguments.ReplyPoint(reply, point.Longitude, point.Latitude);
        }
    }
}
