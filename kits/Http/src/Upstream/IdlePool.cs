using System.Net;

namespace Microcosm.Http;

/// <summary>
/// Idle connections to the servers of one upstream group, a list for each worker; of a list that is full the one that was idle longest
/// goes. A worker without one may take another's, if the pool is shared: a socket moves between loops for less than a handshake.
/// </summary>
public sealed class IdlePool
{
    private readonly IdleConnections[] _lists;

    /// <summary>A pool for all workers of a network.</summary>
    /// <param name="connectionsMax">Idle connections of each worker, at most (keepalive).</param>
    public IdlePool(IReadOnlyList<HttpWorker> workers, int connectionsMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(connectionsMax, 1);
        Workers = workers;
        _lists = [.. workers.Select(_ => new IdleConnections(connectionsMax))];
    }

    /// <summary>A connection may be idle so long (keepalive_timeout).</summary>
    public long TimeoutMs { get; init; } = 60_000;

    /// <summary>Requests of a connection, at most (keepalive_requests).</summary>
    public int RequestsMax { get; init; } = 1000;

    /// <summary>Age of a connection that serves another request, at most (keepalive_time).</summary>
    public long TimeMs { get; init; } = 3_600_000;

    /// <summary>Workers take each other's connections.</summary>
    public bool IsShared { get; init; }

    /// <summary>Idle connections of all workers; exact only where no worker runs.</summary>
    public int Count => _lists.Sum(l => l.Count);

    /// <summary>A worker's idle connections to a server; on its executor.</summary>
    public int CountTo(HttpWorker worker, EndPoint peer) => _lists[worker.Index].CountTo(peer);

    private IReadOnlyList<HttpWorker> Workers { get; }

    /// <summary>Takes an idle connection to a server, the one that was used last; null where there is none.</summary>
    internal UpstreamConnection? Take(HttpWorker worker, EndPoint peer, UpstreamOptions options) =>
        _lists[worker.Index].Take(peer, options.Tls, options.IsHttp2);

    /// <summary>Another worker that may have an idle connection.</summary>
    internal HttpWorker? Lender(HttpWorker borrower)
    {
        if (!IsShared)
            return null;
        for (var i = 1; i < _lists.Length; i++)
        {
            var index = (borrower.Index + i) % _lists.Length;
            if (_lists[index].Count > 0)
                return Workers[index];
        }
        return null;
    }

    /// <summary>Takes a connection out of a worker, on its executor.</summary>
    internal LentConnection? Lend(HttpWorker lender, EndPoint peer) =>
        _lists[lender.Index].Take(peer, null, isHttp2: false) is { } connection && connection.TryHandOver(out var descriptor)
            ? new LentConnection(descriptor, connection.Requests, connection.OpenedMs)
            : null;

    /// <summary>Takes a connection back; false where it is to be closed.</summary>
    internal bool Put(UpstreamConnection connection)
    {
        if (connection.Requests >= RequestsMax || connection.Worker.Deadlines.NowMs - connection.OpenedMs >= TimeMs)
            return false;
        _lists[connection.Worker.Index].Put(connection);
        return true;
    }

    /// <summary>A connection is idle no more.</summary>
    internal void Remove(UpstreamConnection connection) => _lists[connection.Worker.Index].Remove(connection);
}
