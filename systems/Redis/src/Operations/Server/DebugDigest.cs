namespace Microcosm.Redis;

/// <summary>DEBUG DIGEST and DIGEST-VALUE: two servers with the same data answer the same.</summary>
internal static class DebugDigest
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Admin | RedisCommandFlags.NoScript | RedisCommandFlags.Loading
        | RedisCommandFlags.Stale;

    [RedisCommand("DEBUG|DIGEST", 2, Flags = Flags, Group = "server", Summary = "Outputs a digest of the dataset", Complexity = "O(N)")]
    public static void OfAll(ref RedisCall call) => call.Reply.Simple(ValueDigest.Of(call.Server.Databases).ToString());

    [RedisCommand("DEBUG|DIGEST-VALUE", -2, Flags = Flags, FirstKey = 2, LastKey = -1, KeyStep = 1, Group = "server",
        Summary = "Outputs a digest of the values of the given keys", Complexity = "O(N)")]
    public static void OfValues(ref RedisCall call)
    {
        call.Reply.Array(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
        {
            var digest = new ValueDigest();
            if (call.Db.Peek(call[i]) is { Exists: true } entry)
                digest.Mix(entry);
            call.Reply.Simple(digest.ToString());
        }
    }
}
