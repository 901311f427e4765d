using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Chubby;

/// <summary>
/// A client for simulations: one request at a time, at a member that it picks anew whenever a connection failed, each time with a new
/// session.
/// </summary>
internal sealed class SimulatedClient(NodeContext context, IReadOnlyList<NodeEndPoint> members) : IAsyncDisposable
{
    private readonly RandomStream _random = context.Seed.Stream("members");
    private ConnectionContext? _connection;
    private int _xid;

    /// <summary>Asks once. The error is null where no answer came; the outcome is unknown then if <c>WasSent</c>.</summary>
    public async ValueTask<(ZooError? Error, byte[] Body, bool WasSent)> AskAsync(int timeoutMs, int type, Action<JuteWriter> body)
    {
        var sent = false;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(timeoutMs), context.Clock);
        try
        {
            _connection ??= await ConnectAsync(deadline.Token);
            var writer = new JuteWriter();
            writer.Int(0);
            writer.Int(++_xid);
            writer.Int(type);
            body(writer);
            sent = true;
            var reply = await ExchangeAsync(_connection, writer, deadline.Token);
            return ((ZooError)BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12)), reply[16..], true);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or ConnectionResetException or ConnectionAbortedException)
        {
            await DisposeAsync();
            return (null, [], sent);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private async ValueTask<ConnectionContext> ConnectAsync(CancellationToken cancellation)
    {
        var connection = await context.Network.ConnectAsync(_random.Pick(members), cancellation);
        try
        {
            var writer = new JuteWriter();
            writer.Int(0);
            writer.Int(0);
            writer.Long(0);
            writer.Int(4_000);
            writer.Long(0);
            writer.Buffer(new byte[16]);
            writer.Bool(false);
            await ExchangeAsync(connection, writer, cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<byte[]> ExchangeAsync(ConnectionContext connection, JuteWriter writer, CancellationToken cancellation)
    {
        writer.PatchInt(0, writer.Length - 4);
        await connection.Transport.Output.WriteAsync(writer.ToArray(), cancellation);
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var bytes = read.Buffer.ToArray();
            if (bytes.Length >= 4 && BinaryPrimitives.ReadInt32BigEndian(bytes) is var length && bytes.Length >= 4 + length)
            {
                input.AdvanceTo(read.Buffer.GetPosition(4 + length));
                return bytes[4..(4 + length)];
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                throw new IOException("The connection ended before the reply.");
        }
    }
}
