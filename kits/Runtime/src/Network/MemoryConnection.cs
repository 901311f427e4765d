using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Microcosm.Runtime;

/// <summary>
/// One end of a connection in memory. Bytes that one end writes come to the other by a <see cref="LinkPump"/> each way. Closing happens
/// once: a disposed end finishes its output (the peer reads to the end), an aborted one resets both.
/// </summary>
internal sealed class MemoryConnection : ConnectionContext
{
    private readonly CancellationTokenSource _closed = new();
    private readonly Pipe _toPeer = new(Options);
    private readonly Pipe _fromPeer = new(Options);
    private int _isClosed;

    public MemoryConnection(string id, EndPoint local, EndPoint remote)
    {
        ConnectionId = id;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        Transport = new Duplex(_fromPeer.Reader, _toPeer.Writer);
    }

    // Continuations go to the context that awaited, which in a simulator is always an executor; others go to the thread pool.
    private static PipeOptions Options { get; } = new(useSynchronizationContext: true, pauseWriterThreshold: 256 * 1024,
        resumeWriterThreshold: 128 * 1024);

    public override string ConnectionId { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed
    {
        get => _closed.Token;
        set => throw new NotSupportedException();
    }

    /// <summary>What this end has written.</summary>
    public PipeReader Written => _toPeer.Reader;

    /// <summary>What this end will read.</summary>
    public PipeWriter Arriving => _fromPeer.Writer;

    /// <summary>Aborts the other end too; set when the two are joined.</summary>
    public MemoryConnection? Peer { get; set; }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Reset(abortReason);
        Peer?.Reset(new ConnectionResetException("The connection was reset by the peer."));
    }

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return ValueTask.CompletedTask;
        _toPeer.Writer.Complete();
        _fromPeer.Reader.Complete();
        _closed.Cancel();
        return ValueTask.CompletedTask;
    }

    /// <summary>Resets this end only.</summary>
    public void Reset(Exception reason)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        // Completing the far sides makes pending reads and writes of the owner fail; its own sides stay its own to complete.
        _fromPeer.Writer.Complete(reason);
        _toPeer.Reader.Complete(reason);
        _closed.Cancel();
    }

    /// <summary>Resets both ends, as a network does that forgot the connection: neither of them did it.</summary>
    public void ResetBoth()
    {
        Reset(new ConnectionResetException("The connection was reset."));
        Peer?.Reset(new ConnectionResetException("The connection was reset."));
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
