using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>
/// Carries sessions over any <see cref="ConnectionContext"/>: Kestrel's sockets, and the in-memory fabric in live worlds and in the
/// simulator. All session calls are on the node's executor.
/// </summary>
public sealed class SessionConnectionHandler(NodeExecutor executor, ISessionFactory sessions)
{
    /// <summary>Where the arrays come from in which input is joined.</summary>
    internal ArrayPool<byte> Buffers { get; init; } = ArrayPool<byte>.Shared;

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
        var kept = new KeptInput(Buffers);
        try
        {
            while (!transport.IsClosed)
            {
                var result = await input.ReadAsync();
                // Kestrel's pipes continue on the thread pool whatever the context.
                await executor.SwitchTo();
                if (result.IsCanceled && transport.IsAborted)
                    return;
                if (!Show(result.Buffer, input, session, transport, ref kept))
                {
                    // More than an array holds, and still no whole request.
                    transport.Abort();
                    return;
                }
                if (!transport.IsInputPaused)
                {
                    if (!result.IsCompleted)
                        continue;
                    session.InputEnded(transport);
                    return;
                }
                while (transport.IsInputPaused)
                {
                    await transport.InputResumed();
                    if (connection.ConnectionClosed.IsCancellationRequested)
                        return;
                    if (!kept.IsEmpty && !transport.IsInputPaused && !transport.IsClosed)
                        kept.Take(session.Take(kept.Bytes));
                }
            }
        }
        finally
        {
            kept.Clear();
        }
    }

    // Shows what came, behind what the session left before. A message within one segment stays in the pipe until it is whole; what is
    // spread over several is taken out and joined, each byte once. False where it is more than an array holds.
    private static bool Show(
        ReadOnlySequence<byte> buffer, PipeReader input, Session session, PipeTransport transport, ref KeptInput kept)
    {
        if (transport.IsInputPaused)
        {
            // Not looked at: the next read shows it again at once.
            input.AdvanceTo(buffer.Start);
            return true;
        }
        if (kept.IsEmpty && buffer.IsSingleSegment)
        {
            var rest = buffer.GetPosition(buffer.IsEmpty ? 0 : session.Take(buffer.FirstSpan));
            input.AdvanceTo(rest, transport.IsInputPaused ? rest : buffer.End);
            return true;
        }
        foreach (var part in buffer)
        {
            if (!kept.TryAppend(part.Span))
                return false;
        }
        input.AdvanceTo(buffer.End);
        kept.Take(session.Take(kept.Bytes));
        return true;
    }
}
