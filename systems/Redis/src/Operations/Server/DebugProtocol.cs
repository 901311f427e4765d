namespace Microcosm.Redis;

/// <summary>DEBUG PROTOCOL: a reply of each type there is, for those who write clients.</summary>
internal static class DebugProtocol
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Admin | RedisCommandFlags.NoScript | RedisCommandFlags.Loading
        | RedisCommandFlags.Stale;

    [RedisCommand("DEBUG|PROTOCOL", 3, Flags = Flags, Group = "server", Summary = "Replies with a test value of the given type",
        Complexity = "O(1)")]
    public static void Execute(ref RedisCall call)
    {
        switch (call.Text(2).ToLowerInvariant())
        {
            case "string":
                call.Reply.Bulk("Hello World"u8);
                break;
            case "integer":
                call.Reply.Integer(12345);
                break;
            case "double":
                call.Reply.Double(3.141);
                break;
            case "bignum":
                call.Reply.BigNumber("1234567999999999999999999999999999999");
                break;
            case "null":
                call.Reply.Null();
                break;
            case "true":
                call.Reply.Bool(true);
                break;
            case "false":
                call.Reply.Bool(false);
                break;
            case "verbatim":
                call.Reply.Verbatim("This is a verbatim\nstring");
                break;
            default:
                Composite(ref call);
                break;
        }
    }

    private static void Composite(ref RedisCall call)
    {
        switch (call.Text(2).ToLowerInvariant())
        {
            case "array":
                call.Reply.Array(3);
                Count(call.Reply);
                break;
            case "set":
                call.Reply.Set(3);
                Count(call.Reply);
                break;
            case "map":
                Map(call.Reply);
                break;
            case "attrib":
                Attribute(call.Reply);
                break;
            case "push":
                Push(call.Reply);
                break;
            default:
                call.Reply.Error("ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|"
                    + "array|set|map|attrib|push|verbatim|true|false");
                break;
        }
    }

    private static void Count(RespWriter reply)
    {
        for (var i = 0; i < 3; i++)
            reply.Integer(i);
    }

    private static void Map(RespWriter reply)
    {
        reply.Map(3);
        for (var i = 0; i < 3; i++)
        {
            reply.Integer(i);
            reply.Bool(i == 1);
        }
    }

    // Attributes and pushes are no replies: a reply follows.
    private static void Attribute(RespWriter reply)
    {
        if (reply.Protocol == 3)
        {
            reply.Attribute(1);
            reply.Bulk("key-popularity"u8);
            reply.Array(2);
            reply.Bulk("key:123"u8);
            reply.Integer(90);
        }
        reply.Bulk("Some real reply following the attribute"u8);
    }

    private static void Push(RespWriter reply)
    {
        if (reply.Protocol == 2)
        {
            reply.Error("ERR RESP2 is not supported by this command");
            return;
        }
        reply.BeginPush(2);
        reply.Bulk("server-cpu-usage"u8);
        reply.Integer(42);
        reply.EndPush();
        reply.Bulk("Some real reply following the push reply"u8);
    }
}
