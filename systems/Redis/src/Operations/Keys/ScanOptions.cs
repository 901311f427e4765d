using System.Globalization;
using System.Text;

namespace Microcosm.Redis;

/// <summary>The options that SCAN, HSCAN, SSCAN and ZSCAN share.</summary>
internal sealed class ScanOptions
{
    /// <summary>How much to look at, about.</summary>
    public long Count { get; private set; } = 10;

    /// <summary>Glob, or null for everything.</summary>
    public byte[]? Pattern { get; private set; }

    /// <summary>Lower-case type name, or null.</summary>
    public string? Type { get; private set; }

    /// <summary>Reads a cursor, or answers <c>ERR invalid cursor</c>.</summary>
    public static bool TryCursor(ref RedisCall call, int index, out ulong cursor)
    {
        if (ulong.TryParse(call[index], NumberStyles.None, CultureInfo.InvariantCulture, out cursor))
            return true;
        call.Reply.Error("ERR invalid cursor");
        return false;
    }

    /// <summary>Reads options from argument <paramref name="at"/> on, or answers the error.</summary>
    public bool TryParse(ref RedisCall call, int at, bool withType = false)
    {
        for (var i = at; i < call.Count; i += 2)
        {
            if (i + 1 < call.Count && call.Is(i, "COUNT"u8))
            {
                if (!call.TryInteger(i + 1, out var count))
                    return false;
                if (count < 1)
                    return Syntax(ref call);
                Count = count;
            }
            else if (i + 1 < call.Count && call.Is(i, "MATCH"u8))
            {
                // "*" matches everything: no need to look.
                Pattern = call[i + 1].SequenceEqual("*"u8) ? null : call.Copy(i + 1);
            }
            else if (withType && i + 1 < call.Count && call.Is(i, "TYPE"u8))
            {
                Type = Encoding.ASCII.GetString(call[i + 1]).ToLowerInvariant();
            }
            else
            {
                return Syntax(ref call);
            }
        }
        return true;
    }

    private static bool Syntax(ref RedisCall call)
    {
        call.SyntaxError();
        return false;
    }
}
