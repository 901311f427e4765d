using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>
/// Carries sessions over any <see cref="ConnectionContext"/>: Kestrel's sockets, and the in-memory fabric in live worlds and in the
/// simulator. All session calls are on the node's executor.
/// </summary>
public sealed class SessionConnectionHandler(NodeExecutor executor, ISessionFactory sessions)
{
    /// <summary>Serves one connection until it ends. May be called from any thread.</summary>
    public Task RunAsync(ConnectionContext connection) =>
        executor.IsCurrent ? ServeAsync(connection) : executor.RunAsync(() => new ValueTask(ServeAsync(connection)));

    private async Task ServeAsync(ConnectionContext connection)
    {
        var transport = new PipeTransport(connection, executor) { ConnectionId = ConnectionOrdinal.Of(connection, executor) };
        var session = transport.Session = sessions.Accept(transport);
        Exception? error = null;
        try
        {
            if (session is null)
                transport.Close();
            else
                await ReadAsync(connection, session, transport);
            await transport.Finished;
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
        {
            error = e;
        }
        finally
        {
            await executor.SwitchTo();
            transport.End();
            session?.Closed(error);
        }
    }

    private async Task ReadAsync(ConnectionContext connection, Session session, PipeTransport transport)
    {
        var input = connection.Transport.Input;
        while (!transport.IsClosed)
        {
            var result = await input.ReadAsync();
            // Kestrel's pipes continue on the thread pool whatever the context.
            await executor.SwitchTo();
            if (result.IsCanceled && transport.IsAborted)
                return;
            var buffer = result.Buffer;
            var taken = transport.IsInputPaused || buffer.IsEmpty ? 0 : Show(session, buffer);
            var rest = buffer.GetPosition(taken);
            if (transport.IsInputPaused)
            {
                // Not looked at: the next read shows the rest again at once.
                input.AdvanceTo(rest);
                await transport.InputResumed();
                if (connection.ConnectionClosed.IsCancellationRequested)
                    return;
                continue;
            }
            input.AdvanceTo(rest, buffer.End);
            if (result.IsCompleted)
            {
                session.InputEnded(transport);
                return;
            }
        }
    }

    private static int Show(Session session, ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsSingleSegment)
            return session.Receive(buffer.FirstSpan);
        var length = checked((int)buffer.Length);
        var joined = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(joined);
        var taken = session.Receive(joined.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(joined);
        return taken;
    }
}
