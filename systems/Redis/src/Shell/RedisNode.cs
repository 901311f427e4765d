using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// A Redis server as a node. Ends each turn in Redis' own order: the turn's writes go to the append-only file, then replies leave
/// (before them, under <c>appendfsync always</c>, the sync).
/// </summary>
internal sealed class RedisNode(NodeContext context, RedisOptions options, int port) : Node(context), ISessionFactory
{
    private INodeListener? _listener;
    private Persistence? _persistence;
    private RedisServer? _server;
    private ServerTimers? _timers;

    /// <summary>The server's state; only on the node's executor.</summary>
    public RedisServer Server => _server ?? throw new InvalidOperationException("The node has not started.");

    /// <summary>For the Inside page; only on the node's executor.</summary>
    public override RedisInside Inside() => RedisInside.Read(Server, _persistence?.Log);

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _timers = new ServerTimers(Context.Clock, () => Server.Wake());
        _server = new RedisServer(options, Context, ReadClockMs, _timers, () => Context.Executor.AtTurnEnd(TurnPhase.Commit, EndTurn));
        _persistence = new Persistence(_server, Context.Disk);
        _server.Persistence = _persistence;
        await _persistence.OpenAsync();
        _server.Periodic.Add(new IdleClients(_server).CloseDue);
        _listener = await Context.Network.ListenAsync(port, this, cancellation);
        Context.Log.Write(LogSeverity.Info, "Ready to accept connections");
    }

    public override async ValueTask StopAsync(CancellationToken cancellation)
    {
        if (_listener is not null)
            await _listener.CloseAsync();
        if (_persistence is not null)
            await _persistence.CloseAsync();
        _timers?.Dispose();
    }

    public override ValueTask CheckpointAsync(CancellationToken cancellation) => _persistence!.CheckpointAsync();

    public Session? Accept(SessionTransport transport)
    {
        Server.FreezeTime();
        Server.Stats.ConnectionsReceived++;
        if (Server.Clients.Count >= options.MaxClients)
        {
            Server.Stats.RejectedConnections++;
            transport.Output.Write("-ERR max number of clients reached\r\n"u8);
            transport.ReleaseAll();
            return null;
        }
        var client = new RedisClient(transport.ConnectionId, transport, transport.Output, Server.Databases[0])
        {
            CreatedMs = Server.NowMs,
            IsCounted = Context.Telemetry.ConnectionOpened(),
            IsAuthenticated = options.RequirePass.Length == 0,
            LastInteractionMs = Server.NowMs,
        };
        Server.Clients.Add(client.Id, client);
        return new RedisSession(Server, client, transport);
    }

    private long ReadClockMs() => Context.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private void EndTurn()
    {
        var clients = new List<RedisClient>();
        var now = Server.NowMs;
        Server.TakeTouched(clients);
        foreach (var client in clients)
            client.LastInteractionMs = now;
        var commit = _persistence?.Log?.CommitAsync() ?? ValueTask.CompletedTask;
        if (commit.IsCompletedSuccessfully)
            Release(clients, null);
        else
            ReleaseAfter(commit, clients);
    }

    // Replies of later turns may be written meanwhile; only what stood in the buffers when this turn ended is let go.
    private async void ReleaseAfter(ValueTask commit, List<RedisClient> clients)
    {
        var positions = clients.Select(c => c.Transport!.Output.Position).ToArray();
        await commit;
        Release(clients, positions);
    }

    // Looked at whenever a client gets output, so a soft limit's seconds count between two replies.
    private bool IsOverLimit(RedisClient client, long pending)
    {
        var limits = options.ClientOutputBufferLimit;
        var limit = client.Subscriptions > 0 ? limits.PubSub : limits.Normal;
        if (limit.HardBytes > 0 && pending > limit.HardBytes)
            return true;
        if (limit.SoftBytes == 0 || pending <= limit.SoftBytes)
        {
            client.OverSoftLimitSinceMs = 0;
            return false;
        }
        var now = ReadClockMs();
        if (client.OverSoftLimitSinceMs == 0)
            client.OverSoftLimitSinceMs = now;
        return now - client.OverSoftLimitSinceMs > limit.SoftSeconds * 1000L;
    }

    private void Release(List<RedisClient> clients, long[]? positions)
    {
        for (var i = 0; i < clients.Count; i++)
        {
            var client = clients[i];
            if (client.HeldUntilMs > 0)
                continue;
            var transport = client.Transport!;
            transport.Release(Math.Min(positions?[i] ?? transport.Output.Position, client.OutputEnd));
            if (client.CloseAfterReply)
                transport.Close();
            else if (IsOverLimit(client, transport.PendingBytes))
                transport.Abort();
        }
    }
}
