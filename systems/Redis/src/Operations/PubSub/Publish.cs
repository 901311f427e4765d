namespace Microcosm.Redis;

/// <summary>PUBLISH and PUBSUB.</summary>
internal static class Publish
{
    [RedisCommand("PUBLISH", 3, Flags = RedisCommandFlags.PubSub | RedisCommandFlags.Loading | RedisCommandFlags.Stale
        | RedisCommandFlags.Fast
        | RedisCommandFlags.MayReplicate, Since = "2.0.0", Group = "pubsub", Summary = "Post a message to a channel",
            Complexity = "O(N+M)",
        Syntax = "channel message")]
    public static void Execute(ref RedisCall call) => call.Reply.Integer(call.Server.PubSub.Publish(call[1], call[2]));

    [RedisCommand("PUBSUB", -2, Since = "2.8.0", Group = "pubsub", Summary = "A container for Pub/Sub commands",
        Complexity = "Depends on subcommand.")]
    public static void Container(ref RedisCall call) => call.Reply.Error(RedisErrors.WrongArity("PUBSUB"));

    [RedisCommand("PUBSUB|CHANNELS", -2, Flags = RedisCommandFlags.PubSub | RedisCommandFlags.Loading | RedisCommandFlags.Stale,
        Since = "2.8.0",
        Group = "pubsub", Summary = "List active channels", Complexity = "O(N)",
        Syntax = "[pattern:pattern]")]
    public static void Channels(ref RedisCall call)
    {
        var found = new List<byte[]>();
        foreach (var channel in call.Server.PubSub.Channels.Keys)
        {
            if (call.Count < 3 || Glob.Matches(call[2], channel))
                found.Add(channel);
        }
        call.Reply.Array(found.Count);
        foreach (var channel in found)
            call.Reply.Bulk(channel);
    }

    [RedisCommand("PUBSUB|NUMSUB", -2, Flags = RedisCommandFlags.PubSub | RedisCommandFlags.Loading | RedisCommandFlags.Stale,
        Since = "2.8.0",
        Group = "pubsub", Summary = "Get the count of subscribers for channels", Complexity = "O(N)",
        Syntax = "[channel...]")]
    public static void NumSub(ref RedisCall call)
    {
        call.Reply.Array((call.Count - 2) * 2);
        for (var i = 2; i < call.Count; i++)
        {
            call.Reply.Bulk(call[i]);
            call.Reply.Integer(call.Server.PubSub.Channels.TryGetValue(call.Copy(i), out var clients) ? clients.Count : 0);
        }
    }

    [RedisCommand("PUBSUB|NUMPAT", 2, Flags = RedisCommandFlags.PubSub | RedisCommandFlags.Loading | RedisCommandFlags.Stale,
        Since = "2.8.0",
        Group = "pubsub", Summary = "Get the count of unique patterns pattern subscriptions", Complexity = "O(1)")]
    public static void NumPat(ref RedisCall call) => call.Reply.Integer(call.Server.PubSub.Patterns.Count);

    [RedisCommand("PUBSUB|HELP", 2, Flags = RedisCommandFlags.Loading | RedisCommandFlags.Stale, Since = "6.2.0",
        Group = "pubsub", Summary = "Show helpful text about the different subcommands", Complexity = "O(1)")]
    public static void Help(ref RedisCall call) => HelpText.Write(ref call, "PUBSUB",
        ("CHANNELS [<pattern>]", "Return the currently active channels matching a <pattern> (default: '*')."),
        ("NUMPAT", "Return number of subscriptions to patterns."),
        ("NUMSUB [<channel> ...]",
            "Return the number of subscribers for the specified channels, excluding pattern subscriptions(default: no channels)."));
}
