using System.Text;

namespace Microcosm.Redis;

/// <summary>
/// Decides what happens to a request: unknown, refused, queued, executed; and does around each execution what all commands share:
/// statistics, propagation, blocked clients (<see cref="ObservedExecution"/> adds faults, spans, metrics). The order of checks is that of
/// Redis' <c>processCommand</c>, which clients can see.
/// </summary>
internal sealed class Dispatcher(RedisServer server)
{
    /// <summary>Frees memory before a command that may need it; false answers OOM. Set by eviction.</summary>
    public Func<bool>? MakeRoom { get; set; }

    /// <summary>Why writes are refused at present (MISCONF, READONLY …), or null. Set by persistence.</summary>
    public Func<string?>? WriteRefusal { get; set; }

    /// <summary>Takes one request from a connection.</summary>
    public void Process(RedisClient client, ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices)
    {
        if (client.ReplyMode != ReplyMode.SkipNext)
        {
            ProcessOne(client, bytes, slices);
            return;
        }
        client.ReplyMode = ReplyMode.On;
        client.Reply.IsMuted = true;
        ProcessOne(client, bytes, slices);
        client.Reply.IsMuted = client.ReplyMode == ReplyMode.Off;
    }

    private void ProcessOne(RedisClient client, ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices)
    {
        var name = bytes.Slice(slices[0].Start, slices[0].Length);
        var index = RedisCommands.IndexOf(name);
        if (index >= 0 && slices.Length > 1)
            index = Subcommand(client, index, bytes, slices);
        if (index < 0)
        {
            if (index == -1)
            {
                server.Context.Telemetry.Unserved(Encoding.Latin1.GetString(name[..Math.Min(name.Length, 128)]).ToUpperInvariant());
                Reject(client, UnknownCommand(bytes, slices));
            }
            return;
        }
        var operation = RedisCommands.All[index];
        var call = new RedisCall(server, client, operation, bytes, slices);
        if (Refusal(ref call) is { } refusal)
        {
            server.Stats.Commands[index].Rejected++;
            server.Observed.Refused(ref call, refusal);
            if (operation.Declaration.Name == "EXEC" && client.Multi is not null)
                AbortTransaction(ref call, refusal);
            else
                Reject(client, refusal);
            return;
        }
        if (client.Multi is { } multi && !IsTransactionControl(operation.Declaration.Name))
        {
            multi.Add(call.Store());
            client.Reply.Simple("QUEUED");
            return;
        }
        if (server.Context.Faults.HasOperationRules | server.IsObserved)
            server.Observed.Execute(ref call);
        else
            Execute(ref call);
        server.Blocking.Serve();
    }

    /// <summary>Runs a stored command inside EXEC.</summary>
    public void ExecuteQueued(RedisClient client, StoredCommand command)
    {
        var call = new RedisCall(server, client, command.Operation, command.Bytes, command.Slices);
        server.Observed.ExecuteQueued(ref call);
    }

    /// <summary>Runs a blocked command again; it replies or leaves the client blocked.</summary>
    public void Reexecute(RedisClient client, BlockedState blocked)
    {
        var db = client.Db;
        client.Db = blocked.Db;
        var call = new RedisCall(server, client, blocked.Command.Operation, blocked.Command.Bytes,
            blocked.Command.Slices) { IsReexecution = true };
        Execute(ref call);
        client.Db = db;
    }

    /// <summary>Executes without any check: replayed commands, queued ones, and those that passed the checks.</summary>
    public void Execute(ref RedisCall call)
    {
        var reply = call.Reply;
        var stats = server.Stats.Commands[call.Operation.Index];
        var dirty = server.Propagation.Dirty;
        var errors = reply.Errors;
        call.Client.LastOperation = call.Operation;
        server.Propagation.Begin();
        call.Operation.Handler(ref call);
        server.Propagation.End(ref call, server.Propagation.Dirty != dirty);
        if (server.Monitors.Any)
            server.Monitors.Show(ref call);
        stats.Calls++;
        server.Stats.CommandsProcessed++;
        if (reply.Errors != errors)
        {
            stats.Failed++;
            CountError(reply.LastError);
        }
    }

    private int Subcommand(RedisClient client, int index, ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices)
    {
        if (!RedisCommands.HasSubcommands(index))
            return index;
        var sub = bytes.Slice(slices[1].Start, slices[1].Length);
        var found = RedisCommands.IndexOfSub(index, sub);
        if (found >= 0)
            return found;
        var parent = RedisCommands.All[index].Declaration.Name;
        var asked = Encoding.Latin1.GetString(sub[..Math.Min(sub.Length, 128)]);
        server.Context.Telemetry.Unserved($"{parent}|{asked.ToUpperInvariant()}");
        Reject(client, $"ERR unknown subcommand '{asked}'. Try {parent} HELP.");
        return -2;
    }

    private string? Refusal(ref RedisCall call)
    {
        var declared = call.Operation.Declaration;
        if ((declared.Arity > 0 && call.Count != declared.Arity) || call.Count < -declared.Arity)
            return RedisErrors.WrongArity(declared.Name);
        var client = call.Client;
        // The server's own client replays what was accepted once.
        if (client.Transport is null)
            return null;
        var flags = declared.Flags;
        if (!client.IsAuthenticated && (flags & RedisCommandFlags.NoAuth) == 0)
            return RedisErrors.NoAuth;
        if (client.Multi is not null && (flags & RedisCommandFlags.NoMulti) != 0)
            return "ERR Command not allowed inside a transaction";
        // A queue may grow without end, so out of memory nothing is queued; EXEC is judged by what it would run.
        var isQueued = client.Multi is not null && !IsTransactionControl(declared.Name);
        if (client.Multi is { } multi && declared.Name == "EXEC")
            flags |= multi.Flags & (RedisCommandFlags.Write | RedisCommandFlags.DenyOom);
        if (server.Options.MaxMemory > 0 && MakeRoom is { } makeRoom && !makeRoom()
            && (isQueued || (flags & RedisCommandFlags.DenyOom) != 0))
            return RedisErrors.Oom;
        // PING too, so that health checks see a server that cannot write.
        if (((flags & RedisCommandFlags.Write) != 0 || declared.Name == "PING") && WriteRefusal?.Invoke() is { } refusal)
            return refusal;
        if ((flags & RedisCommandFlags.Write) != 0 && server.Options is { MinReplicasToWrite: > 0, MinReplicasMaxLag: > 0 })
            return RedisErrors.NoReplicas;
        if (client.Subscriptions > 0 && client.Reply.Protocol == 2 && !IsAllowedWhileSubscribed(declared.Name))
            return $"ERR Can't execute '{declared.Name.ToLowerInvariant()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / "
                + $"RESET are allowed in this context";
        if (server.IsLoading && (flags & RedisCommandFlags.Loading) == 0)
            return RedisErrors.Loading;
        if (client.IsMonitor && (flags & (RedisCommandFlags.Write | RedisCommandFlags.ReadOnly | RedisCommandFlags.MayReplicate)) != 0)
            return "ERR Replica can't interact with the keyspace";
        return null;
    }

    /// <summary>Answers an error in place of the command; a transaction being queued will fail.</summary>
    public void Reject(RedisClient client, string error)
    {
        if (client.Multi is { } multi)
            multi.IsBroken = true;
        client.Reply.Error(error);
        CountError(error);
    }

    private void AbortTransaction(ref RedisCall call, string reason)
    {
        var client = call.Client;
        client.Multi = null;
        server.Watches.Forget(client);
        var error = "EXECABORT Transaction discarded because of: " + reason;
        client.Reply.Error(error);
        CountError(error);
        if (server.Monitors.Any)
            server.Monitors.Show(ref call);
    }

    private void CountError(string error)
    {
        server.Stats.ErrorReplies++;
        var prefix = RedisErrors.Kind(error);
        server.Stats.Errors[prefix] = server.Stats.Errors.GetValueOrDefault(prefix) + 1;
    }

    private static string UnknownCommand(ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices)
    {
        var text = new StringBuilder();
        for (var i = 1; i < slices.Length && text.Length < 128; i++)
        {
            var argument = bytes.Slice(slices[i].Start, Math.Min(slices[i].Length, 128 - text.Length));
            text.Append('\'').Append(Encoding.Latin1.GetString(argument)).Append("' ");
        }
        var name = bytes.Slice(slices[0].Start, Math.Min(slices[0].Length, 128));
        return $"ERR unknown command '{Encoding.Latin1.GetString(name)}', with args beginning with: {text}";
    }

    private static bool IsTransactionControl(string name) => name is "EXEC" or "DISCARD" or "MULTI" or "WATCH" or "QUIT" or "RESET";

    private static bool IsAllowedWhileSubscribed(string name) =>
        name is "PING" or "SUBSCRIBE" or "UNSUBSCRIBE" or "PSUBSCRIBE" or "PUNSUBSCRIBE" or "SSUBSCRIBE" or "SUNSUBSCRIBE" or "QUIT"
            or "RESET";
}
