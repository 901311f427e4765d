namespace Microcosm.Nginx;

/// <summary>
/// The connections of clients on one worker, <c>worker_connections</c> at most: when there is little room those that wait for a request go,
/// the oldest first (ngx_drain_connections). On the worker's executor.
/// </summary>
internal sealed class WorkerConnections(NginxWorker worker)
{
    private const int ReusedAtOnceMax = 32;

    // Little room: one of so many.
    private const int Share = 16;

    private readonly LinkedList<ClientConnection> _open = new();
    private long _toldSecond = -1;
    private int _sessions;

    /// <summary>How many are open, sessions of the stream part among them.</summary>
    public int Count => _open.Count + _sessions;

    /// <summary>False, which is logged, where there is no room for another one.</summary>
    public bool TryAdmit(Address address)
    {
        var max = worker.Configuration.Events.Get(EventsModule.WorkerConnections);
        // nginx needs some for what it listens on, and one more.
        var room = max - (worker.Configuration.Http?.Listens.Count ?? 0) - (worker.Configuration.Stream?.Listens.Count ?? 0) - 1;
        if (room - Count <= max / Share)
            Reuse(max);
        if (Count < room)
            return true;
        worker.ErrorLogs.Write(LogLevel.Alert, $"{max} worker_connections are not enough while accepting new connection on {address}");
        return false;
    }

    public void Add(ClientConnection connection) => connection.Place = _open.AddLast(connection);

    public void Remove(ClientConnection connection)
    {
        if (connection.Place?.List is not null)
            _open.Remove(connection.Place);
    }

    /// <summary>A session of the stream part began; it counts until <see cref="SessionEnded"/>.</summary>
    public void SessionBegan() => _sessions++;

    public void SessionEnded() => _sessions--;

    private void Reuse(long max)
    {
        var idle = _open.Where(c => c.IsReusable).ToArray();
        if (idle.Length == 0)
            return;
        var second = worker.Http.Deadlines.NowMs / 1000;
        if (_toldSecond != second)
            worker.ErrorLogs.Write(LogLevel.Warn, $"{max} worker_connections are not enough, reusing connections");
        _toldSecond = second;
        foreach (var connection in idle.Take(Math.Clamp(idle.Length / 8, 1, ReusedAtOnceMax)))
        {
            connection.Drain();
            // Its place is free now, whenever its socket is closed.
            Remove(connection);
        }
    }
}
