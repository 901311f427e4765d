using System.Net;

namespace Microcosm.Runtime;

/// <summary>A socket on an event loop that takes messages from anybody, and who has sent some: they keep the socket open.</summary>
internal sealed class LoopDatagramListener : ILoopListener, IReadyHandler
{
    private const int MessagesPerTurn = 64;

    // The family alone: a Unix socket without a name.
    private const int NamelessBytes = 2;

    private readonly EventLoop _loop;
    private readonly NodeExecutor _executor;
    private readonly IDatagramFactory _factory;
    private readonly DatagramSocket _socket;
    private readonly Dictionary<byte[], LoopDatagramPeer> _peers = new(DatagramPeerComparer.Instance);
    private int _open;
    private bool _isClosing;
    private bool _isClosed;

    public LoopDatagramListener(EventLoop loop, NodeExecutor executor, IDatagramFactory factory, int fd, EndPoint address)
    {
        (_loop, _executor, _factory, Address) = (loop, executor, factory, address);
        // Behind a wildcard each message has an own address of its own.
        _socket = new DatagramSocket(fd, ListeningSocket.IsWildcard(address));
    }

    public EndPoint Address { get; }

    public int Descriptor => _isClosed ? -1 : _socket.Descriptor;

    public void OnReady(int events) => _executor.Execute(static l => ((LoopDatagramListener)l!).ReceiveSome(), this);

    /// <summary>Begins to take messages, on the loop.</summary>
    public Task StartAsync() => _loop.RunAsync(() => _loop.Watch(_socket.Descriptor, Libc.EpollIn, this));

    public ValueTask PauseAsync() => new(_loop.RunAsync(() => _loop.Unwatch(_socket.Descriptor)));

    public ValueTask ResumeAsync() => new(StartAsync());

    public ValueTask CloseAsync() => new(_loop.RunAsync(() =>
    {
        _isClosing = true;
        CloseSocket();
    }));

    public int Send(ReadOnlySpan<byte> message, ReadOnlySpan<byte> remote, ReadOnlySpan<byte> local) =>
        _socket.Send(message, remote, local);

    public void Leave(LoopDatagramPeer peer)
    {
        // Another may have come from there since.
        if (_peers.TryGetValue(peer.Key, out var known) && known == peer)
            _peers.Remove(peer.Key);
    }

    public void Closed(LoopDatagramPeer peer)
    {
        Leave(peer);
        _open--;
        CloseSocket();
    }

    private void ReceiveSome()
    {
        Span<byte> peer = stackalloc byte[DatagramSocket.PeerBytesMax];
        for (var i = 0; i < MessagesPerTurn && !_isClosed; i++)
        {
            var length = _socket.Receive(_loop.ReadBuffer, peer, out var remoteBytes, out var peerBytes);
            if (length == DatagramSocket.NothingNow)
                return;
            if (length >= 0)
                Show(peer[..peerBytes], remoteBytes, _loop.ReadBuffer[..length]);
        }
    }

    private void Show(ReadOnlySpan<byte> key, int remoteBytes, ReadOnlySpan<byte> message)
    {
        if (_peers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var known))
        {
            known.Show(message);
            return;
        }
        if (_isClosing)
            return;
        var peer = new LoopDatagramPeer(this, key.ToArray(), remoteBytes, _executor.NextConnectionId());
        if (remoteBytes > NamelessBytes)
            _peers.Add(peer.Key, peer);
        _open++;
        peer.Handler = _factory.Accept(peer);
        if (peer.Handler is null)
            peer.Close();
        else
            peer.Show(message);
    }

    private void CloseSocket()
    {
        if (!_isClosing || _isClosed || _open > 0)
            return;
        _isClosed = true;
        _loop.Unwatch(_socket.Descriptor);
        Libc.Close(_socket.Descriptor);
    }

}
