using System.Globalization;
using System.Net;
using System.Text;

namespace Microcosm.Redis;

/// <summary>CLIENT and its subcommands.</summary>
internal static class ClientCommand
{
    private const RedisCommandFlags Flags = RedisCommandFlags.NoScript | RedisCommandFlags.Loading | RedisCommandFlags.Stale;
    private const RedisCommandFlags Admin = Flags | RedisCommandFlags.Admin;

    [RedisCommand("CLIENT", -2, Since = "2.4.0", Group = "connection", Summary = "A container for client connection commands",
        Complexity = "Depends on subcommand.")]
    public static void Container(ref RedisCall call) => call.Reply.Error(RedisErrors.WrongArity("CLIENT"));

    [RedisCommand("CLIENT|ID", 2, Flags = Flags, Since = "5.0.0", Group = "connection",
        Summary = "Returns the client ID for the current connection", Complexity = "O(1)")]
    public static void Id(ref RedisCall call) => call.Reply.Integer(call.Client.Id);

    [RedisCommand("CLIENT|GETNAME", 2, Flags = Flags, Since = "2.6.9", Group = "connection",
        Summary = "Get the current connection name", Complexity = "O(1)")]
    public static void GetName(ref RedisCall call)
    {
        if (call.Client.Name.Length == 0)
            call.Reply.Null();
        else
            call.Reply.Bulk(call.Client.Name);
    }

    [RedisCommand("CLIENT|SETNAME", 3, Flags = Flags, Since = "2.6.9", Group = "connection",
        Summary = "Set the current connection name", Complexity = "O(1)",
        Syntax = "connection-name")]
    public static void SetName(ref RedisCall call)
    {
        var name = call.Text(2);
        if (!ClientNames.IsValid(ref call, name))
            return;
        call.Client.Name = name;
        call.Reply.Ok();
    }

    [RedisCommand("CLIENT|INFO", 2, Flags = Flags, Since = "6.2.0", Group = "connection",
        Summary = "Returns information about the current client connection.", Complexity = "O(1)",
        Tips = "nondeterministic_output")]
    public static void Info(ref RedisCall call) => call.Reply.Verbatim(Describe(ref call, call.Client) + "\n");

    [RedisCommand("CLIENT|LIST", -2, Flags = Admin, Since = "2.4.0", Group = "connection",
        Summary = "Get the list of client connections", Complexity = "O(N)",
        Syntax = "[TYPE normal_master_replica_pubsub(NORMAL|MASTER|REPLICA|PUBSUB)] [ID id{client-id:integer...}]",
        Tips = "nondeterministic_output")]
    public static void List(ref RedisCall call)
    {
        HashSet<long>? ids = null;
        if (call.Count > 3 && call.Is(2, "ID"u8))
        {
            ids = [];
            for (var i = 3; i < call.Count; i++)
            {
                if (!call.TryInteger(i, out var id, "ERR Invalid client ID"))
                    return;
                ids.Add(id);
            }
        }
        else if (call.Count == 4 && call.Is(2, "TYPE"u8))
        {
            if (call.Text(3).ToLowerInvariant() is not ("normal" or "master" or "replica" or "slave" or "pubsub"))
            {
                call.Reply.Error($"ERR Unknown client type '{call.Quote(3)}'");
                return;
            }
        }
        else if (call.Count != 2)
        {
            call.SyntaxError();
            return;
        }
        var type = call.Count == 4 && ids is null ? call.Text(3).ToLowerInvariant() : null;
        var text = new StringBuilder();
        foreach (var client in call.Server.Clients.Values)
        {
            if ((ids is null || ids.Contains(client.Id)) && (type is null || TypeOf(client) == type))
                text.Append(Describe(ref call, client)).Append('\n');
        }
        call.Reply.Verbatim(text.ToString());
    }

    [RedisCommand("CLIENT|KILL", -3, Flags = Admin, Since = "2.4.0", Group = "connection",
        Summary = "Kill the connection of a client", Complexity = "O(N)",
        Syntax = "filter(ip:port|new-format([ID client-id:integer]|[TYPE normal_master_slave_pubsub(NORMAL|MASTER|"
            + "SLAVE|REPLICA|PUBSUB)]|[USER username]|[ADDR ip:port]|[LADDR ip:port]|[SKIPME yes/no])...)")]
    public static void Kill(ref RedisCall call)
    {
        if (ClientFilter.Parse(ref call) is not { } filter)
            return;
        var killed = 0;
        foreach (var client in call.Server.Clients.Values.ToArray())
        {
            if (!filter.Matches(client, call.Client))
                continue;
            killed++;
            if (client == call.Client)
                client.CloseAfterReply = true;
            else
                client.Transport?.Abort();
        }
        if (!filter.IsOldForm)
            call.Reply.Integer(killed);
        else if (killed > 0)
            call.Reply.Ok();
        else
            call.Reply.Error("ERR No such client");
    }

    [RedisCommand("CLIENT|UNBLOCK", -3, Flags = Admin, Since = "5.0.0", Group = "connection",
        Summary = "Unblock a client blocked in a blocking command from a different connection", Complexity = "O(log N)",
        Syntax = "client-id:integer [timeout_error(TIMEOUT|ERROR)]")]
    public static void Unblock(ref RedisCall call)
    {
        var withError = false;
        if (call.Count == 4)
        {
            withError = call.Is(3, "ERROR"u8);
            if (!withError && !call.Is(3, "TIMEOUT"u8))
            {
                call.Reply.Error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
                return;
            }
        }
        if (!call.TryInteger(2, out var id))
            return;
        if (!call.Server.Clients.TryGetValue(id, out var client) || client.Blocked is not { } blocked)
        {
            call.Reply.Integer(0);
            return;
        }
        call.Server.Blocking.Release(client);
        if (withError)
            client.Reply.Error("UNBLOCKED client unblocked via CLIENT UNBLOCK");
        else
            blocked.OnTimeout(client.Reply);
        call.Server.Unblocked(client);
        call.Reply.Integer(1);
    }

    [RedisCommand("CLIENT|REPLY", 3, Flags = Flags, Since = "3.2.0", Group = "connection",
        Summary = "Instruct the server whether to reply to commands", Complexity = "O(1)",
        Syntax = "on_off_skip(ON|OFF|SKIP)")]
    public static void Reply(ref RedisCall call)
    {
        if (call.Is(2, "ON"u8))
        {
            call.Client.ReplyMode = ReplyMode.On;
            call.Reply.IsMuted = false;
            call.Reply.Ok();
        }
        else if (call.Is(2, "OFF"u8))
        {
            call.Client.ReplyMode = ReplyMode.Off;
            call.Reply.IsMuted = true;
        }
        else if (call.Is(2, "SKIP"u8))
        {
            if (call.Client.ReplyMode == ReplyMode.On)
                call.Client.ReplyMode = ReplyMode.SkipNext;
        }
        else
        {
            call.SyntaxError();
        }
    }

    [RedisCommand("CLIENT|NO-EVICT", 3, Flags = Admin, Since = "7.0.0", Group = "connection",
        Summary = "Set client eviction mode for the current connection", Complexity = "O(1)",
        Syntax = "enabled(ON|OFF)")]
    public static void NoEvict(ref RedisCall call)
    {
        if (!call.Is(2, "ON"u8) && !call.Is(2, "OFF"u8))
        {
            call.SyntaxError();
            return;
        }
        call.Client.NoEvict = call.Is(2, "ON"u8);
        call.Reply.Ok();
    }

    /// <summary>normal or pubsub: the classes that output limits and filters know.</summary>
    public static string TypeOf(RedisClient client) => client.Subscriptions > 0 ? "pubsub" : "normal";

    private static string Describe(ref RedisCall call, RedisClient client)
    {
        var now = call.NowMs;
        var flags = (client.IsMonitor ? "O" : "") + (client.Subscriptions > 0 ? "P" : "") + (client.Multi is null ? "" : "x")
            + (client.Blocked is null ? "" : "b") + (client.WatchBroken ? "d" : "") + (client.CloseAfterReply ? "c" : "");
        return string.Create(CultureInfo.InvariantCulture,
            $"id={client.Id} addr={Address(client.Transport?.Remote)} laddr={Address(client.Transport?.Local)} fd=8 "
            + $"name={client.Name} age={(now - client.CreatedMs) / 1000} idle={(now - client.LastInteractionMs) / 1000} "
            + $"flags={(flags.Length == 0 ? "N" : flags)} db={client.Db.Index} sub={client.Channels.Count} psub={client.Patterns.Count} "
            + $"ssub={client.ShardChannels.Count} multi={client.Multi?.Queue.Count ?? -1} qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 "
            + $"rbs=1024 rbp=0 "
            + $"obl=0 oll=0 omem={client.Transport?.PendingBytes ?? 0} tot-mem=0 events=r "
            + $"cmd={client.LastOperation?.Declaration.Name.ToLowerInvariant() ?? "NULL"} user=default redir=-1 "
            + $"resp={client.Reply.Protocol}");
    }

    public static string Address(EndPoint? endPoint) => endPoint?.ToString() ?? "";
}
