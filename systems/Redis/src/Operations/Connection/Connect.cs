using System.Text;

namespace Microcosm.Redis;

/// <summary>HELLO, AUTH, SELECT, QUIT, RESET.</summary>
internal static class Connect
{
    private const RedisCommandFlags Open = RedisCommandFlags.NoScript | RedisCommandFlags.Loading | RedisCommandFlags.Stale
        | RedisCommandFlags.Fast
        | RedisCommandFlags.NoAuth | RedisCommandFlags.AllowBusy;

    [RedisCommand("HELLO", -1, Flags = Open, Since = "6.0.0", Group = "connection", Summary = "Handshake with Redis", Complexity = "O(1)",
        Syntax = "[arguments{protover:integer [AUTH username_password{username password}] [SETNAME clientname]}]")]
    public static void Hello(ref RedisCall call)
    {
        var protocol = (long)call.Reply.Protocol;
        if (call.Count > 1)
        {
            if (!call.TryInteger(1, out protocol, "ERR Protocol version is not an integer or out of range"))
                return;
            if (protocol is < 2 or > 3)
            {
                call.Reply.Error("NOPROTO unsupported protocol version");
                return;
            }
        }
        string? name = null;
        for (var i = 2; i < call.Count; i++)
        {
            var left = call.Count - i - 1;
            if (call.Is(i, "AUTH"u8) && left >= 2)
            {
                if (!TryLogin(ref call, call.Text(i + 1), call[i + 2]))
                    return;
                i += 2;
            }
            else if (call.Is(i, "SETNAME"u8) && left >= 1)
            {
                name = call.Text(++i);
                if (!ClientNames.IsValid(ref call, name))
                    return;
            }
            else
            {
                call.Reply.Error($"ERR Syntax error in HELLO option '{call.Quote(i)}'");
                return;
            }
        }
        if (!call.Client.IsAuthenticated)
        {
            call.Reply.Error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH "
                + "<user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time");
            return;
        }
        if (name is not null)
            call.Client.Name = name;
        call.Reply.Protocol = (int)protocol;
        Answer(ref call);
    }

    [RedisCommand("AUTH", -2, Flags = Open, Group = "connection", Summary = "Authenticate to the server", Complexity = "O(N)",
        Syntax = "[username] password")]
    public static void Auth(ref RedisCall call)
    {
        if (call.Count > 3)
        {
            call.SyntaxError();
            return;
        }
        if (call.Count == 2 && call.Server.Options.RequirePass.Length == 0)
        {
            call.Reply.Error("ERR AUTH <password> called without any password configured for the default user. Are you sure your "
                + "configuration is correct?");
            return;
        }
        if (TryLogin(ref call, call.Count == 3 ? call.Text(1) : "default", call[call.Count - 1]))
            call.Reply.Ok();
    }

    [RedisCommand("SELECT", 2, Flags = RedisCommandFlags.Loading | RedisCommandFlags.Stale | RedisCommandFlags.Fast, Group = "connection",
        Summary = "Change the selected database for the current connection", Complexity = "O(1)",
        Syntax = "index:integer")]
    public static void Select(ref RedisCall call)
    {
        if (!call.TryInteger(1, out var index))
            return;
        if (index < 0 || index >= call.Server.Databases.Length)
        {
            call.Reply.Error(RedisErrors.DbIndexOutOfRange);
            return;
        }
        call.Client.Db = call.Server.Databases[index];
        call.Reply.Ok();
    }

    [RedisCommand("QUIT", -1, Flags = Open, Group = "connection", Summary = "Close the connection", Complexity = "O(1)")]
    public static void Quit(ref RedisCall call)
    {
        call.Reply.Ok();
        call.Client.CloseAfterReply = true;
    }

    [RedisCommand("RESET", 1, Flags = Open, Since = "6.2.0", Group = "connection", Summary = "Reset the connection", Complexity = "O(1)")]
    public static void Reset(ref RedisCall call)
    {
        var client = call.Client;
        client.Multi = null;
        call.Server.Watches.Forget(client);
        call.Server.PubSub.Forget(client);
        client.Db = call.Server.Databases[0];
        client.Name = "";
        call.Server.Monitors.Remove(client);
        client.ReplyMode = ReplyMode.On;
        client.NoEvict = false;
        client.IsAuthenticated = call.Server.Options.RequirePass.Length == 0;
        call.Reply.Protocol = 2;
        call.Reply.Simple("RESET");
    }

    private static bool TryLogin(ref RedisCall call, string user, ReadOnlySpan<byte> password)
    {
        var wanted = Encoding.UTF8.GetBytes(call.Server.Options.RequirePass);
        if (user == "default"
            && (wanted.Length == 0 || System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(wanted, password)))
            return call.Client.IsAuthenticated = true;
        call.Reply.Error("WRONGPASS invalid username-password pair or user is disabled.");
        return false;
    }

    private static void Answer(ref RedisCall call)
    {
        var reply = call.Reply;
        reply.Map(7);
        reply.Bulk("server"u8);
        reply.Bulk("redis"u8);
        reply.Bulk("version"u8);
        reply.Bulk(RedisOptions.Version);
        reply.Bulk("proto"u8);
        reply.Integer(reply.Protocol);
        reply.Bulk("id"u8);
        reply.Integer(call.Client.Id);
        reply.Bulk("mode"u8);
        reply.Bulk("standalone"u8);
        reply.Bulk("role"u8);
        reply.Bulk("master"u8);
        reply.Bulk("modules"u8);
        reply.Array(0);
    }
}
