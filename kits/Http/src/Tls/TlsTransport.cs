using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The transport of the session inside: what it releases is encrypted at the end of the turn, as far as the bare transport has room, a
/// record at a time. Invariants: while released output waits here, the bare transport is above its high-water mark, so its Drained comes;
/// pending is what has not left the machine, encrypted or not.
/// </summary>
internal sealed class TlsTransport : SessionTransport
{
    // Seven records go out in one system call, from one array of the pool.
    private const long SealedBytesMax = 7 * TlsContext.RecordBytesMax;
    private const long OuterHighWater = 4 * TlsContext.RecordBytesMax;
    private const int ArrayBytes = 128 * 1024;
    private const int RecordOverheadBytes = 64;

    // The smallest level whose Drained there is: it says that nothing is left.
    private const long HighWaterMin = 4;

    // A piece of this size is a record of its own; smaller ones are put together.
    private const int GatherBelowBytes = 4096;

    [ThreadStatic]
    private static byte[]? t_gathered;

    private readonly TlsSession _session;
    private readonly SessionTransport _outer;
    private readonly NodeExecutor _executor;
    private readonly TlsEngine _engine;
    private readonly Action _pump;
    private long _sent;
    private bool _isHeld;
    private bool _isPumping;
    private bool _isScheduled;
    private bool _isAbove;
    private bool _isClosing;
    private bool _isFinished;
    private bool _isOver;
    private bool _outputEnds;
    private bool _outputEnded;

    public TlsTransport(TlsSession session, SessionTransport outer, NodeExecutor executor, TlsEngine engine)
        : base(new OutputBuffer())
    {
        (_session, _outer, _executor, _engine) = (session, outer, executor, engine);
        _pump = Pump;
        ConnectionId = outer.ConnectionId;
        outer.HighWater = OuterHighWater;
    }

    public override EndPoint Remote => _outer.Remote;

    public override EndPoint Local => _outer.Local;

    public override bool IsClosed => _isClosing || _isOver || _outer.IsClosed;

    public override long PendingBytes => Output.Position - Sent();

    public override long HighWater
    {
        get => base.HighWater;
        set
        {
            base.HighWater = value;
            // Whoever lowers it waits for Drained, and may write nothing more that would bring it about.
            if (PendingBytes > value)
                ScheduleSend();
        }
    }

    // Released and not encrypted.
    private long Waiting => Released - (Output.Position - Output.Length);

    /// <summary>Until <see cref="Flow"/> what is released waits: the session inside is running.</summary>
    public void Hold() => _isHeld = true;

    public void Flow()
    {
        _isHeld = false;
        Pump();
    }

    /// <summary>The connection is gone, or failed: nothing is encrypted any more.</summary>
    public void End()
    {
        _isOver = true;
        Output.Clear();
    }

    public override void Close()
    {
        if (IsClosed)
            return;
        _isClosing = true;
        ScheduleSend();
    }

    public override void EndOutput()
    {
        if (IsClosed || _outputEnds)
            return;
        _outputEnds = true;
        ScheduleSend();
    }

    public override void Abort() => _outer.Abort();

    public override void PauseInput() => _session.PauseInput();

    public override void ResumeInput() => _session.ResumeInput();

    public override void ShowLeftover() => _session.ShowLeftover();

    /// <summary>Encrypts and lets go.</summary>
    public void Pump()
    {
        _isScheduled = false;
        if (_isOver || _isHeld || _isPumping)
            return;
        _isPumping = true;
        try
        {
            do
                Seal();
            while (TellDrained());
        }
        finally
        {
            _isPumping = false;
        }
        if (_isOver)
            return;
        _outer.HighWater = _isAbove && Waiting <= 0 ? Math.Clamp(HighWater / 4, HighWaterMin, OuterHighWater) : OuterHighWater;
        _outer.ReleaseAll();
        if (Waiting <= 0)
            EndIfDue();
    }

    protected override void ScheduleSend()
    {
        // Here too: until it is encrypted, what was pending before may have left.
        _isAbove |= PendingBytes > HighWater;
        if (_isScheduled || _isHeld || _isPumping || _isOver)
            return;
        _isScheduled = true;
        if (_executor.IsCurrent)
            _executor.AtTurnEnd(TurnPhase.Send, _pump);
        else
            _executor.Post(_pump);
    }

    private void Seal()
    {
        if (_outputEnded)
            Output.Clear();
        _isAbove |= PendingBytes > HighWater;
        var room = Math.Min(Waiting, SealedBytesMax - _outer.PendingBytes);
        if (room > _engine.Context.BufferBytes)
        {
            // Records that lie together leave by one system call.
            var overhead = (room / _engine.Context.BufferBytes + 1) * RecordOverheadBytes;
            _outer.Output.GetSpan((int)Math.Min(room + overhead, ArrayBytes));
        }
        while (!_isOver && Waiting > 0 && _outer.PendingBytes < SealedBytesMax)
        {
            if (TrySealRecord())
                continue;
            End();
            _outer.Abort();
        }
    }

    // False: a file that is shorter than it was to be, or cannot be read, or OpenSSL failed.
    private bool TrySealRecord()
    {
        try
        {
            var max = (int)Math.Min(Waiting, _engine.Context.BufferBytes);
            var front = Output.Front(max);
            if (front.Length != max && front.Length < GatherBelowBytes)
                return TrySealGathered(max);
            var isSealed = _engine.Write(front.Span) == TlsStatus.Done;
            Output.Consume(front.Length);
            return isSealed;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private bool TrySealGathered(int max)
    {
        var gathered = t_gathered ??= new byte[TlsContext.RecordBytesMax];
        var count = 0;
        while (count < max)
        {
            var front = Output.Front(max - count);
            if (front.IsEmpty)
                return false;
            front.Span.CopyTo(gathered.AsSpan(count));
            Output.Consume(front.Length);
            count += front.Length;
        }
        return _engine.Write(gathered.AsSpan(0, count)) == TlsStatus.Done;
    }

    // True where the session inside was told, and may have written more.
    private bool TellDrained()
    {
        if (!_isAbove || _isOver || _outer.IsClosed)
            return false;
        // The bare transport says nothing of so few bytes.
        var isAlmostNothing = Output.Length == 0 && _outer.PendingBytes <= HighWaterMin;
        if (PendingBytes >= HighWater / 4 && !isAlmostNothing)
            return false;
        _isAbove = false;
        _session.Inner?.Drained();
        return true;
    }

    private void EndIfDue()
    {
        if (_isFinished || (!_isClosing && (!_outputEnds || _outputEnded)))
            return;
        if (!_outputEnded)
            _engine.ShutDown();
        _outer.ReleaseAll();
        _outputEnded = true;
        _isFinished = _isClosing;
        if (_isFinished)
            _outer.Close();
        else
            _outer.EndOutput();
    }

    // Position up to which output left the machine. What is encrypted is longer than what it is of, so this is never too much.
    private long Sent()
    {
        var encrypted = Output.Position - Output.Length;
        var pending = _outer.PendingBytes;
        return _sent = pending == 0 ? encrypted : Math.Max(_sent, encrypted - pending);
    }
}
