using System.Net;

namespace Microcosm.Runtime;

/// <summary>
/// Several event loops that serve one address, for data planes that one core does not carry: each loop has a listening socket, an executor
/// and sessions of its own, and the kernel spreads connections over the sockets (SO_REUSEPORT). Loops share nothing. Linux only.
/// </summary>
public sealed class LoopGroup : IDisposable
{
    private readonly EventLoop[] _loops;
    private int _nextOfDatagrams = -1;

    /// <summary>Starts the loops; one a core is usual.</summary>
    public LoopGroup(int count, string name = "loop")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _loops = [.. Enumerable.Range(1, count).Select(i => new EventLoop($"{name}-{i}"))];
        Executors = [.. _loops.Select((loop, i) => new NodeExecutor(loop, $"{name}-{i + 1}"))];
    }

    /// <summary>Where each loop's sessions run.</summary>
    public IReadOnlyList<NodeExecutor> Executors { get; }

    /// <summary>
    /// Listens with every loop on <paramref name="address"/>; a port of 0 takes one free port for all. The listeners, in the order of
    /// <see cref="Executors"/>, close one by one: what waits at a closing one is served, new connections go to the others. Throws
    /// <see cref="Microsoft.AspNetCore.Connections.AddressInUseException"/> where one that does not share listens there.
    /// </summary>
    /// <param name="sessions">Gives the sessions of one loop.</param>
    public async ValueTask<IReadOnlyList<ISocketListener>> ListenAsync(IPEndPoint address, Func<NodeExecutor, ISessionFactory> sessions)
    {
        var sockets = new List<int>();
        try
        {
            foreach (var _ in _loops)
                sockets.Add(ListeningSocket.Open(address, isShared: true, out address));
        }
        catch
        {
            sockets.ForEach(fd => Libc.Close(fd));
            throw;
        }
        LoopListener[] listeners = [.. Executors.Select((e, i) =>
            new LoopListener(_loops[i], e, sessions(e), null, sockets[i], address) { SharesAddress = true })];
        // All sockets listen before the first accepts, or it would get all that come meanwhile.
        foreach (var listener in listeners)
            await listener.StartAsync();
        return listeners;
    }

    /// <summary>
    /// Listens with every loop on an address of the machine, an <see cref="IPEndPoint"/> or a <see cref="UnixEndPoint"/>, by options. The
    /// listeners are in the order of <see cref="Executors"/>. Throws <see
    /// cref="Microsoft.AspNetCore.Connections.AddressInUseException"/>, and <see cref="IOException"/> where the system refuses otherwise.
    /// </summary>
    /// <param name="sessions">Gives the sessions of one loop.</param>
    public async ValueTask<IReadOnlyList<ILoopListener>> ListenAsync(
        EndPoint address, ListenOptions options, Func<NodeExecutor, ISessionFactory> sessions)
    {
        var sockets = new List<int>();
        var (given, isSpread) = (new Queue<int>(options.Descriptors), options.ReusePort && address is IPEndPoint);
        try
        {
            sockets.Add(ListeningSocket.Open(address, options, Next(given), out address));
            while (sockets.Count < _loops.Length)
                sockets.Add(isSpread
                    ? ListeningSocket.Open(address, options, Next(given), out address)
                    : Libc.Control(sockets[0], 1030, 0)); // F_DUPFD_CLOEXEC
            CloseAll(given);
        }
        catch
        {
            sockets.ForEach(fd => Libc.Close(fd));
            throw;
        }
        LoopListener[] listeners = [.. Executors.Select((e, i) => new LoopListener(_loops[i], e, sessions(e), null, sockets[i], address)
        {
            SharesAddress = true,
            SharesSocket = !options.ReusePort && _loops.Length > 1,
            IsCopy = !isSpread && i > 0,
        })];
        foreach (var listener in listeners)
            await listener.StartAsync();
        return listeners;
    }

    /// <summary>
    /// Takes messages on an address of the machine, an <see cref="IPEndPoint"/> or a <see cref="UnixEndPoint"/>, by options: those that
    /// make sense without connections. With <see cref="ListenOptions.ReusePort"/> every loop has a socket, and the kernel gives what one
    /// client sends to one of them; else one loop has the address, so that who is known to it is known. Throws as <see
    /// cref="ListenAsync(EndPoint, ListenOptions, Func{NodeExecutor, ISessionFactory})"/>.
    /// </summary>
    /// <param name="factories">Takes peers in on one loop.</param>
    public async ValueTask<IReadOnlyList<ILoopListener>> ListenDatagramsAsync(
        EndPoint address, ListenOptions options, Func<NodeExecutor, IDatagramFactory> factories)
    {
        var shares = options.ReusePort && address is IPEndPoint;
        var first = shares ? 0 : (int)((uint)Interlocked.Increment(ref _nextOfDatagrams) % _loops.Length);
        var listeners = new List<LoopDatagramListener>();
        var given = new Queue<int>(options.Descriptors);
        try
        {
            for (var i = first; i < (shares ? _loops.Length : first + 1); i++)
            {
                var fd = ListeningSocket.OpenDatagrams(address, options, Next(given), out address);
                listeners.Add(new LoopDatagramListener(_loops[i], Executors[i], factories(Executors[i]), fd, address));
            }
            CloseAll(given);
        }
        catch
        {
            listeners.ForEach(l => Libc.Close(l.Descriptor));
            throw;
        }
        foreach (var listener in listeners)
            await listener.StartAsync();
        return listeners;
    }

    /// <summary>Opens connections from a loop; only on its executor.</summary>
    /// <param name="executor">One of <see cref="Executors"/>.</param>
    public LoopConnector ConnectorOf(NodeExecutor executor) => new((EventLoop)executor.Carrier, executor);

    /// <summary>Ends the loops.</summary>
    public void Dispose()
    {
        foreach (var loop in _loops)
            loop.Dispose();
    }

    private static int Next(Queue<int> given) => given.TryDequeue(out var fd) ? fd : -1;

    // The process before had more loops: what would queue there nobody would accept.
    private static void CloseAll(Queue<int> given)
    {
        while (given.TryDequeue(out var fd))
            Libc.Close(fd);
    }
}
