using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// What nodes ask each other beside raft, as etcd's members do by HTTP on their peer port: a byte, answered by a length (u32,
/// little-endian) and a <see cref="ClusterView"/>. A node without a number finds its own so, and one that was removed while it was away
/// hears of it.
/// </summary>
internal static class ClusterQuestions
{
    private const byte Question = 1;
    private const int AnswerBytesMax = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What the node there says; null where it says nothing within a second.</summary>
    public static async Task<ClusterView?> AskAsync(NodeContext context, NodeEndPoint node)
    {
        try
        {
            using var deadline = new CancellationTokenSource(Patience, context.Clock);
            await using var connection = await context.Network.ConnectAsync(node, deadline.Token);
            await connection.Transport.Output.WriteAsync(new[] { Question }, deadline.Token);
            return await ReadAsync(connection.Transport.Input, deadline.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or ConnectionAbortedException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<ClusterView> ReadAsync(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            if (TryTake(read.Buffer) is { } view)
                return view;
            if (read.IsCompleted)
                throw new IOException("the answer broke off");
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ClusterView? TryTake(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < 4)
            return null;
        Span<byte> prefix = stackalloc byte[4];
        buffer.Slice(0, 4).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length is < 0 or > AnswerBytesMax)
            throw new IOException($"an answer of {length} bytes");
        return buffer.Length < 4 + length ? null : ClusterView.Parser.ParseFrom(buffer.Slice(4, length));
    }

    /// <summary>Answers those who ask.</summary>
    internal sealed class Sessions(Func<ClusterView> view) : ISessionFactory
    {
        /// <inheritdoc/>
        public Session? Accept(SessionTransport transport) => new Answers(transport, view);
    }

    private sealed class Answers(SessionTransport transport, Func<ClusterView> view) : Session
    {
        public override int Receive(ReadOnlySpan<byte> input)
        {
            if (input[0] != Question)
            {
                transport.Abort();
                return input.Length;
            }
            var bytes = view().ToByteArray();
            var prefix = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(prefix, bytes.Length);
            transport.Output.Write(prefix);
            transport.Output.Write(bytes);
            transport.ReleaseAll();
            transport.Close();
            return input.Length;
        }

        public override void Closed(Exception? error)
        {
        }
    }
}
