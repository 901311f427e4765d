using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Clients that wait for keys. A key that was changed is noted while commands run; once the command, transaction or script is over,
/// waiting clients run their command again, first come, first served, until one blocks again on it.
/// Invariants: a client is under exactly the keys of its <see cref="RedisClient.Blocked"/>; nobody is served inside a transaction.
/// </summary>
internal sealed class Blocking(RedisServer server)
{
    private readonly Dictionary<(int Db, byte[] Key), List<RedisClient>> _waiting = new(new DbKeyComparer());
    private readonly Queue<(int Db, byte[] Key)> _ready = new();
    private readonly PriorityQueue<RedisClient, long> _deadlines = new();
    private long _tickets;
    private bool _isServing;

    /// <summary>Clients blocked now.</summary>
    public int Count { get; private set; }

    /// <summary>When the next time-out is due, or -1.</summary>
    public long NextDeadlineMs => _deadlines.TryPeek(out _, out var at) ? at : -1;

    /// <summary>See <see cref="RedisCall.Block"/>.</summary>
    public void Block(in RedisCall call, ReadOnlySpan<byte[]> keys, long timeoutMs, Action<RespWriter> onTimeout)
    {
        var client = call.Client;
        if (client.IsInExec || client.Transport is null)
        {
            onTimeout(client.Reply);
            return;
        }
        if (call.IsReexecution)
            return;
        Invariant.Check(client.Blocked is null);
        var deadline = timeoutMs == 0 ? long.MaxValue : server.NowMs + timeoutMs;
        client.Blocked = new BlockedState(call.Store(), client.Db, keys.ToArray(), onTimeout) { DeadlineMs = deadline, Ticket =
            ++_tickets };
        Count++;
        foreach (var key in client.Blocked.Keys)
        {
            var id = (client.Db.Index, key);
            if (!_waiting.TryGetValue(id, out var clients))
                _waiting[id] = clients = [];
            if (!clients.Contains(client))
                clients.Add(client);
        }
        if (deadline != long.MaxValue)
        {
            _deadlines.Enqueue(client, deadline);
            server.Alarm.Arm(deadline);
        }
    }

    /// <summary>A key came into being or grew.</summary>
    public void Ready(Database db, ReadOnlySpan<byte> key)
    {
        if (_waiting.Count == 0)
            return;
        var copy = key.ToArray();
        if (_waiting.ContainsKey((db.Index, copy)))
            _ready.Enqueue((db.Index, copy));
    }

    /// <summary>The contents of these databases changed altogether.</summary>
    public void RetryAll(params ReadOnlySpan<Database> databases)
    {
        foreach (var db in databases)
        {
            var index = db.Index;
            foreach (var id in _waiting.Keys.Where(k => k.Db == index).ToArray())
                _ready.Enqueue(id);
        }
    }

    /// <summary>Serves waiting clients. Called when no command is running.</summary>
    public void Serve()
    {
        if (_ready.Count == 0 || _isServing)
            return;
        _isServing = true;
        while (_ready.TryDequeue(out var id))
        {
            if (!_waiting.TryGetValue(id, out var clients))
                continue;
            foreach (var client in clients.ToArray())
            {
                if (client.Blocked is not { } blocked)
                    continue;
                blocked.ReadyKey = id.Key;
                Retry(client, blocked);
            }
        }
        _isServing = false;
    }

    /// <summary>Lets go a client that is blocked: at its time-out, by CLIENT UNBLOCK, or because it is gone.</summary>
    public void Release(RedisClient client)
    {
        if (client.Blocked is not { } blocked)
            return;
        client.Blocked = null;
        Count--;
        foreach (var key in blocked.Keys)
        {
            if (_waiting.TryGetValue((blocked.Db.Index, key), out var clients) && clients.Remove(client) && clients.Count == 0)
                _waiting.Remove((blocked.Db.Index, key));
        }
    }

    /// <summary>Answers those whose time is up.</summary>
    public void ExpireDue(long nowMs)
    {
        while (_deadlines.TryPeek(out var client, out var at) && (at <= nowMs || client.Blocked?.DeadlineMs != at))
        {
            _deadlines.Dequeue();
            if (client.Blocked is not { } blocked || blocked.DeadlineMs != at)
                continue;
            Release(client);
            blocked.OnTimeout(client.Reply);
            server.Unblocked(client);
        }
    }

    private void Retry(RedisClient client, BlockedState blocked)
    {
        var before = client.Reply.Position;
        server.Dispatcher.Reexecute(client, blocked);
        if (client.Reply.Position == before)
            return;
        Release(client);
        server.Unblocked(client);
    }

    private sealed class DbKeyComparer : IEqualityComparer<(int Db, byte[] Key)>
    {
        public bool Equals((int Db, byte[] Key) x, (int Db, byte[] Key) y) => x.Db == y.Db && x.Key.AsSpan().SequenceEqual(y.Key);

        public int GetHashCode((int Db, byte[] Key) id) => HashCode.Combine(id.Db, KeyHash.Of(id.Key, 0));
    }
}
