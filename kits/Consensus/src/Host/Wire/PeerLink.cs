using System.Buffers;
using System.Net.Sockets;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Consensus;

/// <summary>
/// A connection to a peer, one way. It is made when there is something to send; when it breaks, or takes nothing for an election time-out,
/// all that waits is dropped, and so is what comes while too much waits.
/// </summary>
internal sealed class PeerLink(NodeContext context, RaftHostOptions options, NodeEndPoint peer, Action lost)
{
    private const int KeptBytesMax = 1 << 20;

    private readonly List<(long Group, RaftMessage Message)> _beats = [];
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _sending = new();
    private ConnectionContext? _connection;
    private bool _isPumping;
    private bool _isClosed;

    public bool HasRoom => _filling.WrittenCount < options.PeerQueueBytesMax;

    /// <summary>Where frames are written, to leave with the next flush.</summary>
    public IBufferWriter<byte> Output => _filling;

    public void Send(long group, RaftMessage message)
    {
        if (!HasRoom)
            return;
        if (PeerFrames.IsBeat(message))
            _beats.Add((group, message));
        else
            PeerFrames.PutMessage(_filling, group, message);
    }

    /// <summary>Sends what was written.</summary>
    public void Flush()
    {
        if (_beats.Count > 0)
        {
            PeerFrames.PutBeats(_filling, _beats);
            _beats.Clear();
        }
        if (!_isPumping && _filling.WrittenCount > 0)
            Pump();
    }

    public ValueTask CloseAsync()
    {
        _isClosed = true;
        return DropAsync();
    }

    // async void: network errors are handled; anything else ends the node.
    private async void Pump()
    {
        _isPumping = true;
        var patience = TimeSpan.FromMilliseconds(options.Raft.ElectionTimeoutMs);
        while (_filling.WrittenCount > 0 && !_isClosed)
        {
            (_filling, _sending) = (_sending, _filling);
            try
            {
                using var deadline = new CancellationTokenSource(patience, context.Clock);
                _connection ??= await ConnectAsync(deadline.Token);
                var result = await _connection.Transport.Output.WriteAsync(_sending.WrittenMemory, deadline.Token);
                if (result.IsCompleted)
                    throw new IOException("the peer closed");
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
                or ConnectionAbortedException or InvalidOperationException)
            {
                await DropAsync();
                if (!_isClosed)
                    lost();
            }
            if (_sending.Capacity > KeptBytesMax)
                _sending = new();
            _sending.ResetWrittenCount();
        }
        _isPumping = false;
    }

    private async ValueTask<ConnectionContext> ConnectAsync(CancellationToken cancellation)
    {
        var connection = await context.Network.ConnectAsync(peer, cancellation);
        await connection.Transport.Output.WriteAsync(
            PeerFrames.HelloOf(options.Id, new NodeEndPoint(context.Name, options.Port)), cancellation);
        return connection;
    }

    private async ValueTask DropAsync()
    {
        _filling.ResetWrittenCount();
        _beats.Clear();
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }
}
