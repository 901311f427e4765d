namespace Microcosm.Redis;

/// <summary>GEOADD: ZADD with positions for scores, which is also how it propagates.</summary>
internal static class GeoAdd
{
    [RedisCommand("GEOADD", -5, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "3.2.0", Group = "geo", Summary = "Add one or more geospatial items in the geospatial index represented using a sorted set",
        Complexity = "O(log(N))",
        Syntax = "key [condition(NX|XX)] [CH=change] longitude_latitude_member{longitude:double latitude:double "
            + "member}...",
        Keys = "RW update @1")]
    public static void Execute(ref RedisCall call)
    {
        var (onlyNew, onlyExisting) = (false, false);
        var at = 2;
        for (; at < call.Count; at++)
        {
            if (call.Is(at, "NX"u8))
                onlyNew = true;
            else if (call.Is(at, "XX"u8))
                onlyExisting = true;
            else if (!call.Is(at, "CH"u8))
                break;
        }
        if ((call.Count - at) % 3 != 0 || (onlyNew && onlyExisting))
        {
            call.SyntaxError();
            return;
        }
        var arguments = new List<byte[]> { "ZADD"u8.ToArray() };
        for (var i = 1; i < at; i++)
            arguments.Add(call.Copy(i));
        for (; at < call.Count; at += 3)
        {
            if (!GeoArguments.TryPoint(ref call, at, out var longitude, out var latitude))
                return;
            arguments.Add(RedisNumber.ToBytes((long)GeoCell.At(longitude, latitude, GeoCell.StepMax).Score));
            arguments.Add(call.Copy(at + 2));
        }
        var before = call.Server.Propagation.Dirty;
        var bytes = StoredCommand.Join([.. arguments], out var slices);
        var add = new RedisCall(call.Server, call.Client, call.Operation, bytes, slices);
        SortedSetAdd.ZAdd(ref add);
        if (call.Server.Propagation.Dirty != before)
            call.PropagateInstead([.. arguments]);
    }
}
