namespace Microcosm.Redis;

/// <summary>GEOPOS, GEODIST, GEOHASH.</summary>
internal static class GeoRead
{
    // Base 32 without a, i, l and o (G. Niemeyer).
    private const string HashDigits = "0123456789bcdefghjkmnpqrstuvwxyz";
    private const int HashLength = 11;

    [RedisCommand("GEOPOS", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "3.2.0", Group = "geo",
        Summary = "Returns longitude and latitude of members of a geospatial index", Complexity = "O(N)",
        Syntax = "key member...",
        Keys = "RO access @1")]
    public static void GeoPos(ref RedisCall call)
    {
        if (!call.TryRead<SortedSetObject>(call[1], out var set))
            return;
        call.Reply.Array(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
        {
            if (TryPosition(set, call[i], out var longitude, out var latitude))
                GeoArguments.ReplyPoint(call.Reply, longitude, latitude);
            else
                call.Reply.NullArray();
        }
    }

    [RedisCommand("GEODIST", -4, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "3.2.0", Group = "geo",
        Summary = "Returns the distance between two members of a geospatial index", Complexity = "O(log(N))",
        Syntax = "key member1 member2 [unit(M|KM|FT|MI)]",
        Keys = "RO access @1")]
    public static void GeoDist(ref RedisCall call)
    {
        if (call.Count > 5)
        {
            call.SyntaxError();
            return;
        }
        var unitMetres = 1.0;
        if ((call.Count == 5 && !GeoArguments.TryUnit(ref call, 4, out unitMetres)) || !call.TryRead<SortedSetObject>(call[1], out var set))
            return;
        if (TryPosition(set, call[2], out var longitude1, out var latitude1)
            && TryPosition(set, call[3], out var longitude2, out var latitude2))
            GeoArguments.ReplyDistance(call.Reply, GeoDistance.Between(longitude1, latitude1, longitude2, latitude2) / unitMetres);
        else
            call.Reply.Null();
    }

    [RedisCommand("GEOHASH", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "3.2.0", Group = "geo",
        Summary = "Returns members of a geospatial index as standard geohash strings", Complexity = "O(log(N))",
        Syntax = "key member...",
        Keys = "RO access @1")]
    public static void GeoHash(ref RedisCall call)
    {
        if (!call.TryRead<SortedSetObject>(call[1], out var set))
            return;
        call.Reply.Array(call.Count - 2);
        Span<byte> text = stackalloc byte[HashLength];
        for (var i = 2; i < call.Count; i++)
        {
            if (!TryPosition(set, call[i], out var longitude, out var latitude))
            {
                call.Reply.Null();
                continue;
            }
            // Standard geohashes divide latitudes up to the poles. Of the last digit's five bits only two are known; it stays 0.
            var bits = GeoCell.At(longitude, latitude, GeoCell.StepMax, latitudeMax: 90).Bits;
            for (var digit = 0; digit < HashLength - 1; digit++)
                text[digit] = (byte)HashDigits[(int)(bits >> (52 - (digit + 1) * 5)) & 0x1f];
            text[HashLength - 1] = (byte)'0';
            call.Reply.Bulk(text);
        }
    }

    /// <summary>The position of a member; false if there is no such member.</summary>
    public static bool TryPosition(SortedSetObject? set, ReadOnlySpan<byte> member, out double longitude, out double latitude)
    {
        (longitude, latitude) = (0, 0);
        if (set is null || !set.TryGetScore(member, out var score))
            return false;
        (longitude, latitude) = GeoCell.Decode(score);
        return true;
    }
}
