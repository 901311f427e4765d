namespace Microcosm.Redis;

/// <summary>SUBSCRIBE, PSUBSCRIBE and their ends. Each channel is answered by a message of its own.</summary>
internal static class Subscribe
{
    private const RedisCommandFlags Flags = RedisCommandFlags.PubSub | RedisCommandFlags.NoScript | RedisCommandFlags.Loading
        | RedisCommandFlags.Stale;

    [RedisCommand("SUBSCRIBE", -2, Flags = Flags, Since = "2.0.0", Group = "pubsub",
        Summary = "Listen for messages published to the given channels", Complexity = "O(N)",
        Syntax = "channel...")]
    public static void Channels(ref RedisCall call)
    {
        for (var i = 1; i < call.Count; i++)
        {
            call.Server.PubSub.Subscribe(call.Client, call.Copy(i));
            Answer(ref call, "subscribe"u8, call[i]);
        }
    }

    [RedisCommand("PSUBSCRIBE", -2, Flags = Flags, Since = "2.0.0", Group = "pubsub",
        Summary = "Listen for messages published to channels matching the given patterns", Complexity = "O(N)",
        Syntax = "pattern{pattern:pattern}...")]
    public static void Patterns(ref RedisCall call)
    {
        for (var i = 1; i < call.Count; i++)
        {
            call.Server.PubSub.SubscribePattern(call.Client, call.Copy(i));
            Answer(ref call, "psubscribe"u8, call[i]);
        }
    }

    [RedisCommand("UNSUBSCRIBE", -1, Flags = Flags, Since = "2.0.0", Group = "pubsub",
        Summary = "Stop listening for messages posted to the given channels", Complexity = "O(N)",
        Syntax = "[channel...]")]
    public static void Unsubscribe(ref RedisCall call)
    {
        var channels = Named(ref call, call.Client.Channels);
        foreach (var channel in channels)
        {
            call.Server.PubSub.Unsubscribe(call.Client, channel);
            Answer(ref call, "unsubscribe"u8, channel);
        }
        if (channels.Length == 0)
            AnswerNone(ref call, "unsubscribe"u8);
    }

    [RedisCommand("PUNSUBSCRIBE", -1, Flags = Flags, Since = "2.0.0", Group = "pubsub",
        Summary = "Stop listening for messages posted to channels matching the given patterns", Complexity = "O(N)",
        Syntax = "[pattern:pattern...]")]
    public static void Punsubscribe(ref RedisCall call)
    {
        var patterns = Named(ref call, call.Client.Patterns);
        foreach (var pattern in patterns)
        {
            call.Server.PubSub.UnsubscribePattern(call.Client, pattern);
            Answer(ref call, "punsubscribe"u8, pattern);
        }
        if (patterns.Length == 0)
            AnswerNone(ref call, "punsubscribe"u8);
    }

    private static byte[][] Named(ref RedisCall call, HashSet<byte[]> all)
    {
        if (call.Count == 1)
            return [.. all];
        var names = new byte[call.Count - 1][];
        for (var i = 1; i < call.Count; i++)
            names[i - 1] = call.Copy(i);
        return names;
    }

    private static void Answer(ref RedisCall call, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> channel)
    {
        call.Reply.BeginPush(3);
        call.Reply.Bulk(kind);
        call.Reply.Bulk(channel);
        call.Reply.Integer(call.Client.Subscriptions);
        call.Reply.EndPush();
    }

    private static void AnswerNone(ref RedisCall call, ReadOnlySpan<byte> kind)
    {
        call.Reply.BeginPush(3);
        call.Reply.Bulk(kind);
        call.Reply.Null();
        call.Reply.Integer(call.Client.Subscriptions);
        call.Reply.EndPush();
    }
}
