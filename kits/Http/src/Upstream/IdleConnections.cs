using System.Net;

namespace Microcosm.Http;

/// <summary>Idle connections of one worker. Only the count may be asked for from elsewhere.</summary>
internal sealed class IdleConnections(int connectionsMax)
{
    private readonly List<UpstreamConnection> _connections = [];
    private volatile int _count;

    public int Count => _count;

    public int CountTo(EndPoint peer) => _connections.Count(c => c.Peer.Equals(peer));

    public UpstreamConnection? Take(EndPoint peer, UpstreamTls? tls, bool isHttp2)
    {
        for (var i = _connections.Count - 1; i >= 0; i--)
        {
            var connection = _connections[i];
            if (connection.Transport.IsClosed || !connection.Peer.Equals(peer) || connection.Tls != tls
                || connection is Http2UpstreamConnection != isHttp2)
                continue;
            _connections.RemoveAt(i);
            _count = _connections.Count;
            return connection;
        }
        return null;
    }

    public void Put(UpstreamConnection connection)
    {
        if (_connections.Count == connectionsMax)
            _connections[0].CloseIdle();
        _connections.Add(connection);
        _count = _connections.Count;
    }

    public void Remove(UpstreamConnection connection)
    {
        _connections.Remove(connection);
        _count = _connections.Count;
    }
}
