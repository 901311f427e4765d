using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>A session's transport over a <see cref="ConnectionContext"/>'s pipe.</summary>
internal sealed class PipeTransport : SessionTransport
{
    private readonly ConnectionContext _connection;
    private readonly NodeExecutor _executor;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _closed;
    private TaskCompletionSource? _resumed;
    private bool _sendScheduled;
    private bool _isSending;
    private bool _isClosing;
    private bool _aboveHighWater;
    private bool _outputEnds;
    private bool _outputEnded;

    public PipeTransport(ConnectionContext connection, NodeExecutor executor)
        : base(new OutputBuffer())
    {
        _connection = connection;
        _executor = executor;
        // A connection that ends while its session does not read must wake the reader.
        _closed = connection.ConnectionClosed.UnsafeRegister(static t => ((PipeTransport)t!)._executor.Post(static t =>
            ((PipeTransport)t!).OnClosed(), t), this);
    }

    /// <summary>Told when pending output has drained.</summary>
    public Session? Session { get; set; }

    public override EndPoint Remote => _connection.RemoteEndPoint ?? new NodeEndPoint("unknown", 0);

    public override EndPoint Local => _connection.LocalEndPoint ?? new NodeEndPoint("unknown", 0);

    public override bool IsClosed => _isClosing || IsAborted;

    public bool IsAborted { get; private set; }

    public bool IsInputPaused => _resumed is not null;

    /// <summary>Completes when the output that was released before the close has been handed over.</summary>
    public Task Finished => _finished.Task;

    public Task InputResumed() => _resumed?.Task ?? Task.CompletedTask;

    public override void Close()
    {
        if (IsClosed)
            return;
        _isClosing = true;
        _connection.Transport.Input.CancelPendingRead();
        ScheduleSend();
        ResumeInput();
    }

    public override void EndOutput()
    {
        if (IsClosed || _outputEnds)
            return;
        _outputEnds = true;
        ScheduleSend();
    }

    // The reader wakes from its read and shows what there is.
    public override void ShowLeftover() =>
        _executor.Post(static t => ((PipeTransport)t!)._connection.Transport.Input.CancelPendingRead(), this);

    public override void Abort()
    {
        if (IsAborted)
            return;
        IsAborted = true;
        _connection.Abort(new ConnectionAbortedException("aborted by the server"));
        _connection.Transport.Input.CancelPendingRead();
        _finished.TrySetResult();
        ResumeInput();
    }

    public override void PauseInput() => _resumed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void ResumeInput()
    {
        var resumed = _resumed;
        _resumed = null;
        resumed?.SetResult();
    }

    /// <summary>The connection is over; nothing is sent any more.</summary>
    public void End()
    {
        _isClosing = true;
        IsAborted = true;
        _closed.Dispose();
        Output.Clear();
    }

    protected override void ScheduleSend()
    {
        if (_sendScheduled || IsAborted)
            return;
        _sendScheduled = true;
        if (_executor.IsCurrent)
            _executor.AtTurnEnd(TurnPhase.Send, SendReleased);
        else
            _executor.Post(SendReleased);
    }

    private void SendReleased()
    {
        _sendScheduled = false;
        if (!_isSending)
            _ = SendAsync();
    }

    private async Task SendAsync()
    {
        _isSending = true;
        try
        {
            _aboveHighWater |= Output.Length > HighWater;
            while (!IsAborted && !_outputEnded)
            {
                var allowed = Output.Length - (Output.Position - Released);
                if (allowed <= 0)
                    break;
                var front = Output.Front(allowed);
                // A file that is shorter than it was to be.
                if (front.IsEmpty)
                    throw new IOException("the output ends before its end");
                var flushed = await _connection.Transport.Output.WriteWholeAsync(front);
                await _executor.SwitchTo();
                if (IsAborted)
                    return;
                // Here too: a session that paused at this level while the bytes were under way waits for Drained.
                _aboveHighWater |= Output.Length > HighWater;
                Output.Consume(front.Length);
                if (flushed.IsCompleted || flushed.IsCanceled)
                    break;
            }
            if (_aboveHighWater && Output.Length < HighWater / 4)
            {
                _aboveHighWater = false;
                Session?.Drained();
            }
            if (_outputEnds && !_outputEnded && !IsAborted)
            {
                _outputEnded = true;
                await _connection.Transport.Output.CompleteAsync();
                await _executor.SwitchTo();
            }
            if (_isClosing && !IsAborted)
            {
                await _connection.Transport.Output.CompleteAsync();
                _finished.TrySetResult();
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or ConnectionResetException or InvalidOperationException)
        {
            Abort();
        }
        finally
        {
            _isSending = false;
        }
    }

    private void OnClosed()
    {
        _isClosing = true;
        _finished.TrySetResult();
        ResumeInput();
        _connection.Transport.Input.CancelPendingRead();
    }
}
