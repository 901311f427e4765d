namespace Microcosm.Redis;

/// <summary>Names of connections: no spaces, line breaks or other special characters.</summary>
internal static class ClientNames
{
    public static bool IsValid(ref RedisCall call, string name)
    {
        foreach (var c in name)
        {
            if (c is >= '!' and <= '~')
                continue;
            call.Reply.Error("ERR Client names cannot contain spaces, newlines or special characters.");
            return false;
        }
        return true;
    }
}
