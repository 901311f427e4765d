using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Consensus;

/// <summary>
/// A connection to a peer, one way: frames of a length (u32) and a message. While there is none, and when too much waits, messages are
/// dropped.
/// </summary>
internal sealed class PeerLink(NodeContext context, string peer, int port, Action lost)
{
    private const int QueueMax = 256;
    private const int PatienceMs = 100;

    private readonly Queue<byte[]> _queue = new();
    private ConnectionContext? _connection;
    private bool _isPumping;

    public void Send(RaftMessage message)
    {
        if (_queue.Count >= QueueMax)
            return;
        var frame = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteInt32LittleEndian(frame.GetSpan(4), RaftMessageCodec.EncodedBytes(message));
        frame.Advance(4);
        RaftMessageCodec.Encode(message, frame);
        _queue.Enqueue(frame.WrittenSpan.ToArray());
        if (!_isPumping)
            Pump();
    }

    // async void: network errors are handled; anything else ends the node.
    private async void Pump()
    {
        _isPumping = true;
        while (_queue.TryPeek(out var frame))
        {
            try
            {
                using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(PatienceMs), context.Clock);
                _connection ??= await context.Network.ConnectAsync(new NodeEndPoint(peer, port), deadline.Token);
                var result = await _connection.Transport.Output.WriteAsync(frame, deadline.Token);
                if (result.IsCompleted)
                    throw new IOException("the peer closed");
                _queue.Dequeue();
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
                or ConnectionAbortedException or InvalidOperationException)
            {
                await LoseAsync();
            }
        }
        _isPumping = false;
    }

    private async ValueTask LoseAsync()
    {
        _queue.Clear();
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
        lost();
    }
}
