using System.Globalization;
using System.Text;

namespace Microcosm.Redis;

/// <summary>Coordinates, lengths and units as geo commands read and print them.</summary>
internal static class GeoArguments
{
    /// <summary>Reads longitude and latitude, or answers the error.</summary>
    public static bool TryPoint(ref RedisCall call, int at, out double longitude, out double latitude)
    {
        latitude = 0;
        if (!call.TryDouble(at, out longitude) || !call.TryDouble(at + 1, out latitude))
            return false;
        if (Math.Abs(longitude) <= GeoCell.LongitudeMax && Math.Abs(latitude) <= GeoCell.LatitudeMax)
            return true;
        call.Reply.Error($"ERR invalid longitude,latitude pair {Fixed(longitude)},{Fixed(latitude)}");
        return false;
    }

    /// <summary>Reads a unit as metres, or answers the error.</summary>
    public static bool TryUnit(ref RedisCall call, int at, out double metres)
    {
        metres = call.Is(at, "M"u8) ? 1 : call.Is(at, "KM"u8) ? 1000 : call.Is(at, "FT"u8) ? 0.3048 : call.Is(at, "MI"u8) ? 1609.34 : 0;
        if (metres > 0)
            return true;
        call.Reply.Error("ERR unsupported unit provided. please use M, KM, FT, MI");
        return false;
    }

    /// <summary>Reads a radius and its unit.</summary>
    public static bool TryRadius(ref RedisCall call, int at, out double radius, out double unitMetres)
    {
        unitMetres = 0;
        if (!call.TryDouble(at, out radius, "ERR need numeric radius"))
            return false;
        if (radius >= 0)
            return TryUnit(ref call, at + 1, out unitMetres);
        call.Reply.Error("ERR radius cannot be negative");
        return false;
    }

    /// <summary>Reads width, height and their unit.</summary>
    public static bool TryBox(ref RedisCall call, int at, out double width, out double height, out double unitMetres)
    {
        (height, unitMetres) = (0, 0);
        if (!call.TryDouble(at, out width, "ERR need numeric width") || !call.TryDouble(at + 1, out height, "ERR need numeric height"))
            return false;
        if (width >= 0 && height >= 0)
            return TryUnit(ref call, at + 2, out unitMetres);
        call.Reply.Error("ERR height or width cannot be negative");
        return false;
    }

    /// <summary>Answers a distance with four decimals.</summary>
    public static void ReplyDistance(RespWriter reply, double distance)
    {
        var tenThousandths = (long)Math.Round(distance * 10000, MidpointRounding.ToEven);
        reply.Bulk(string.Create(CultureInfo.InvariantCulture, $"{tenThousandths / 10000}.{tenThousandths % 10000:D4}"));
    }

    /// <summary>Answers a point as an array of two numbers with up to 17 decimals.</summary>
    public static void ReplyPoint(RespWriter reply, double longitude, double latitude)
    {
        reply.Array(2);
        ReplyCoordinate(reply, longitude);
        ReplyCoordinate(reply, latitude);
    }

    private static void ReplyCoordinate(RespWriter reply, double value)
    {
        var text = value.ToString("F17", CultureInfo.InvariantCulture).TrimEnd('0').TrimEnd('.');
        if (reply.Protocol == 2)
            reply.Bulk(text);
        else
            reply.Raw(Encoding.ASCII.GetBytes($",{text}\r\n"));
    }

    private static string Fixed(double value) =>
        double.IsInfinity(value) ? RedisNumber.Format(value) : value.ToString("F6", CultureInfo.InvariantCulture);
}
