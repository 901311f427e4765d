using System.Net;
using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>A listening socket on an event loop.</summary>
internal sealed unsafe class LoopListener : ISocketListener, ILoopListener, IReadyHandler, IConnectionOwner
{
    /// <summary>Connections that wait to be accepted, at most.</summary>
    public const int BacklogMax = 4096;

    private const int AcceptsPerTurn = 64;

    private readonly EventLoop _loop;
    private readonly NodeExecutor _executor;
    private readonly ISessionFactory _sessions;
    private readonly HashSet<LoopConnection> _connections = [];
    private readonly NetworkConditions? _conditions;
    private readonly HeldConnections _held = new();
    private readonly int _fd;
    private readonly EndPoint? _local;
    private int _spare;
    private bool _isClosed;

    public LoopListener(
        EventLoop loop, NodeExecutor executor, ISessionFactory sessions, NetworkConditions? conditions, int fd, EndPoint address)
    {
        (_loop, _executor, _sessions, _conditions, _fd, Address) = (loop, executor, sessions, conditions, fd, address);
        _spare = NewSpare();
        // Behind a wildcard each connection has an address of its own.
        _local = address is IPEndPoint { Address: var ip } && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) ? null : address;
        _conditions?.Subscribe(OnChange);
    }

    public EndPoint Address { get; }

    IPEndPoint ISocketListener.EndPoint => (IPEndPoint)Address;

    public int Descriptor => _isClosed || IsCopy ? -1 : _fd;

    /// <summary>True where other sockets listen on the same address (SO_REUSEPORT), so that a closing one serves its queue first.</summary>
    public bool SharesAddress { get; init; }

    /// <summary>True where other loops accept from the same socket: of those that wait the kernel wakes one or a few.</summary>
    public bool SharesSocket { get; init; }

    /// <summary>Its descriptor is a copy of another listener's.</summary>
    public bool IsCopy { get; init; }

    public void OnReady(int events)
    {
        if (_executor.IsDead)
            return;
        if (_executor.IsPaused)
        {
            // An exclusive watch cannot be changed.
            _loop.Unwatch(_fd);
            _executor.Post(static l => ((LoopListener)l!).Watch(), this);
            return;
        }
        AcceptSome();
    }

    /// <summary>Begins to accept, on the loop.</summary>
    public Task StartAsync() => _loop.RunAsync(Watch);

    public ValueTask CloseAsync() => new(_loop.RunAsync(Stop));

    public ValueTask PauseAsync() => new(_loop.RunAsync(() => _loop.Unwatch(_fd)));

    public ValueTask ResumeAsync() => new(StartAsync());

    public void AbortConnections() => _loop.Post(static l =>
    {
        foreach (var connection in ((LoopListener)l!)._connections.ToArray())
            connection.Abort();
        ((LoopListener)l)._held.Reset();
    }, this);

    public void ResetConnections() => _loop.Post(static l =>
    {
        foreach (var connection in ((LoopListener)l!)._connections.OrderBy(c => c.ConnectionId).ToArray())
            connection.Reset();
    }, this);

    public void Forget(LoopConnection connection)
    {
        _connections.Remove(connection);
        if (_isClosed && _connections.Count == 0)
            _conditions?.Unsubscribe(OnChange);
    }

    private void Watch()
    {
        if (!_isClosed)
            _loop.Watch(_fd, SharesSocket ? Libc.EpollIn | Libc.EpollExclusive : Libc.EpollIn, this);
    }

    // False where nothing is left to accept now.
    private bool AcceptSome()
    {
        var address = stackalloc byte[SocketAddresses.BytesMax];
        for (var i = 0; i < AcceptsPerTurn; i++)
        {
            uint length = SocketAddresses.BytesMax;
            var fd = Libc.Accept(_fd, address, &length, Libc.NonBlocking | Libc.CloseOnExec);
            if (fd >= 0)
                Accepted(fd, SocketAddresses.Read(new ReadOnlySpan<byte>(address, (int)length)));
            else if (!GoOnAfter(Marshal.GetLastPInvokeError()))
                return false;
        }
        return true;
    }

    private void Accepted(int fd, EndPoint remote)
    {
        var id = _executor.NextConnectionId();
        if (_conditions is not { AreQuiet: false } conditions)
        {
            Open(fd, remote, id, ConnectionVerdict.None);
            return;
        }
        var verdict = conditions.Decide(Links.SocketClient, id);
        if (verdict.IsRefused)
            HeldConnections.Reset(fd);
        else if (conditions.Holds(Links.SocketClient, verdict))
            _held.Add(new HeldConnection(fd, remote, id, verdict));
        else
            Open(fd, remote, id, verdict);
    }

    // Comes on whatever thread changed a link or a rule.
    private void OnChange() => _loop.PostFirst(() =>
    {
        if (_executor.IsPaused)
            _executor.Post(Reconsider);
        else
            _executor.Execute(static l => ((LoopListener)l!).Reconsider(), this);
    });

    private void Reconsider()
    {
        foreach (var held in _held.TakeWhere(h => !_conditions!.Holds(Links.SocketClient, h.Verdict)))
            Open(held.Descriptor, held.Remote, held.ConnectionId, held.Verdict);
        foreach (var connection in _connections.ToArray())
            connection.Reconsider(_conditions!);
    }

    private void Open(int fd, EndPoint remote, long id, ConnectionVerdict verdict)
    {
        var connection = new LoopConnection(_loop, _executor, this, fd, remote, _local) { ConnectionId = id };
        _connections.Add(connection);
        if (_conditions is { AreQuiet: false } conditions)
            LoopGate.Install(connection, conditions, verdict);
        _executor.Execute(static c => ((Opening)c!).Run(), new Opening(connection, _sessions));
    }

    // True where accepting may go on in this turn.
    private bool GoOnAfter(int error)
    {
        var outcome = AcceptErrors.Of(error);
        if (outcome != AcceptOutcome.OutOfDescriptors)
            return outcome == AcceptOutcome.Next;
        // Out of descriptors: give up the spare one to take the connection and close it, or epoll would report it for ever.
        Libc.Close(_spare);
        var fd = Libc.Accept(_fd, null, null, Libc.CloseOnExec);
        if (fd >= 0)
            Libc.Close(fd);
        _spare = NewSpare();
        return false;
    }

    private void Stop()
    {
        if (_isClosed)
            return;
        // The kernel resets what is still queued at a closed socket, and gives it to no other one.
        for (var i = 0; SharesAddress && !_executor.IsDead && i < BacklogMax / AcceptsPerTurn && AcceptSome(); i++)
        {
        }
        _isClosed = true;
        _loop.Unwatch(_fd);
        Libc.Close(_fd);
        Libc.Close(_spare);
        _held.Reset();
        if (_connections.Count == 0)
            _conditions?.Unsubscribe(OnChange);
    }

    private static int NewSpare() => Libc.EventFd(0, Libc.CloseOnExec);

    private sealed record Opening(LoopConnection Connection, ISessionFactory Sessions)
    {
        public void Run() => Connection.Start(Sessions.Accept(Connection));
    }
}
