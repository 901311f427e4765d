using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Real sockets on event loops of their own. Linux only.</summary>
public sealed class LoopHttpNetwork : IHttpNetwork
{
    private readonly LoopGroup _loops;

    /// <summary>Starts the loops.</summary>
    /// <param name="loops">How many; one a core is usual.</param>
    /// <param name="clock">Real time.</param>
    public LoopHttpNetwork(int loops, TimeProvider clock)
    {
        _loops = new LoopGroup(loops, "http");
        Workers = [.. _loops.Executors.Select((e, i) => new Worker(_loops, e, new ExecutorClock(clock, e), i))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<HttpWorker> Workers { get; }

    /// <inheritdoc/>
    public async ValueTask<IHttpListener> ListenAsync(
        EndPoint address, ListenOptions options, Func<HttpWorker, ISessionFactory> sessions) =>
        new Listener(await _loops.ListenAsync(address, options, e => sessions(WorkerOf(e))));

    /// <inheritdoc/>
    public async ValueTask<IHttpListener> ListenDatagramsAsync(
        EndPoint address, ListenOptions options, Func<HttpWorker, IDatagramFactory> factories) =>
        new Listener(await _loops.ListenDatagramsAsync(address, options, e => factories(WorkerOf(e))));

    /// <summary>Ends the connections that workers opened, and the loops.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (var worker in Workers)
            worker.Deadlines.Dispose();
        _loops.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpWorker WorkerOf(NodeExecutor executor) => Workers.First(w => w.Executor == executor);

    private sealed class Worker(LoopGroup loops, NodeExecutor executor, TimeProvider clock, int index) : HttpWorker(executor, clock, index)
    {
        private readonly LoopConnector _connector = loops.ConnectorOf(executor);

        public override IPendingConnect Connect(EndPoint remote, ConnectOptions options, IConnectHandler handler) =>
            _connector.Connect(remote, options, handler);

        public override IDatagrams? OpenDatagrams(EndPoint remote, ConnectOptions options, IDatagramHandler handler, out int errno) =>
            _connector.OpenDatagrams(remote, options, handler, out errno);

        internal override bool TryRelease(SessionTransport transport, out int descriptor) =>
            _connector.TryRelease(transport, out descriptor);

        internal override void Adopt(int descriptor, EndPoint remote, IConnectHandler handler) =>
            _connector.Adopt(descriptor, remote, handler);
    }

    private sealed class Listener(IReadOnlyList<ILoopListener> sockets) : IHttpListener
    {
        public EndPoint Address => sockets[0].Address;

        public IReadOnlyList<int> Descriptors => [.. sockets.Select(s => s.Descriptor).Where(d => d >= 0)];

        public async ValueTask PauseAsync()
        {
            foreach (var socket in sockets)
                await socket.PauseAsync();
        }

        public async ValueTask ResumeAsync()
        {
            foreach (var socket in sockets)
                await socket.ResumeAsync();
        }

        public async ValueTask CloseAsync()
        {
            foreach (var socket in sockets)
                await socket.CloseAsync();
        }
    }
}
