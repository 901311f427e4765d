using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>
/// One client's connection behind its framing: what it asks is carried out in order, what it watches is told between replies, in the order
/// of changes: an event before the reply that shows its change.
/// </summary>
internal sealed class ClientConnection(CellMember member, SessionTransport transport, long token, Identity address) : IWatcher
{
    private const int WaitingMax = 1000;

    private readonly Queue<PendingRequest> _waiting = new();
    private readonly Queue<PendingRequest> _unproposed = new();
    private readonly PacketOutput _packets = new(member, transport);
    private int _proposed;
    private bool _isConnecting;
    private bool _isHeld;
    private bool _isEnding;

    /// <summary>By which its changes are known in the log.</summary>
    public long Token { get; } = token;

    public SessionTransport Transport { get; } = transport;

    public Identity[] Identities { get; private set; } = [address];

    /// <summary>0 until the session is agreed on.</summary>
    public long SessionId { get; set; }

    public int TimeoutMs { get; set; }

    /// <summary>While it shows by SASL who it is.</summary>
    public DigestMd5? Sasl { get; set; }

    /// <summary>It was taken while the cell had no majority: it may only read.</summary>
    public bool IsReadOnly { get; set; }

    public bool IsClosed { get; private set; }

    /// <summary>For stat and cons.</summary>
    public ConnectionCounts Counts => _packets.Counts;

    public int Outstanding => _waiting.Count;

    /// <summary>True while no further input is wanted.</summary>
    public bool IsFull => _waiting.Count >= WaitingMax || _packets.AreUnread || _isConnecting || _isEnding || IsClosed;

    public void Identify(Identity identity)
    {
        if (!Identities.Contains(identity))
            Identities = [.. Identities, identity];
    }

    /// <summary>The connection ends once all that was asked is answered.</summary>
    public void EndAfterReplies() => _isEnding = true;

    /// <summary>Takes a request. Unknown types are answered at their turn, then the connection ends, as in ZooKeeper.</summary>
    public void Take(int xid, int type, ReadOnlySpan<byte> body)
    {
        _packets.Received(body.Length);
        member.Renew(SessionId);
        var operation = ZooKeeperOperations.Find(type);
        if (operation is null || (SessionId == 0) != (operation.Index == member.ConnectIndex))
        {
            member.Log.Write(LogSeverity.Warning, $"Received packet at server of unknown type {type}");
            if (operation is null)
                member.Context.Telemetry.Unserved($"type {type}");
            _packets.Error(xid, ZooError.Unimplemented);
            Close();
            return;
        }
        var request = new PendingRequest(xid, operation, body.ToArray()) { CameMs = member.LeaseClockMs };
        member.Observation.Begin(this, request);
        if (request.Fault.Action == OperationFaultAction.CloseBefore)
        {
            member.Observation.End(request, ZooError.ConnectionLoss);
            Close();
            return;
        }
        if (request.Fault.Action == OperationFaultAction.Refuse)
            request.Refusal = Refusals.Parse(request.Fault.Error!);
        else
            Prepare(request);
        if (IsClosed)
            return;
        _waiting.Enqueue(request);
        if (request.Change is not null)
            _unproposed.Enqueue(request);
        Advance();
        if (IsFull)
            Transport.PauseInput();
    }

    /// <summary>A change that this connection asked for was applied here.</summary>
    public void Applied(AppliedChange applied)
    {
        foreach (var request in _waiting)
        {
            if (request.Number != applied.Header.Request)
                continue;
            request.Applied = applied;
            _proposed--;
            if (applied.Change is OpenSession or MoveSession && applied.Result.Error == ZooError.Ok)
                SessionId = applied.Header.SessionId;
            break;
        }
        Advance();
    }

    /// <inheritdoc/>
    public void Tell(TreeEvent happened)
    {
        if (!IsClosed && !_packets.TryEvent(happened, !_isHeld))
            Transport.Abort();
    }

    /// <summary>Answers what can be answered, in order, and proposes what can be proposed.</summary>
    public void Advance()
    {
        ProposeNext();
        while (!_isHeld && !IsClosed && !_packets.AreUnread && _waiting.TryPeek(out var request) && IsReady(request))
        {
            Answer(request);
            if (IsClosed)
                return;
            _waiting.Dequeue();
            ProposeNext();
        }
        if (_isEnding && _waiting.Count == 0 && !_isHeld)
            Close();
        else if (!IsFull)
            Transport.ResumeInput();
    }

    /// <summary>Nothing more is answered; what was released still leaves.</summary>
    public void Close()
    {
        if (IsClosed)
            return;
        Transport.Close();
        Closed();
    }

    /// <summary>The connection is gone. The session lives on until its lease is over.</summary>
    public void Closed()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        foreach (var request in _waiting)
            member.Observation.End(request, ZooError.ConnectionLoss);
        _waiting.Clear();
        member.Forget(this);
    }

    // On the leader many may be on their way at once: its log keeps their order. Elsewhere one at a time, lest one that got lost is
    // overtaken by the next.
    private void ProposeNext()
    {
        while ((_proposed == 0 || member.Replica.IsLeader) && _unproposed.TryDequeue(out var request))
        {
            _proposed++;
            member.Propose(this, request);
        }
    }

    private static bool IsReady(PendingRequest request) =>
        request.Refusal != ZooError.Ok
        || (request.Change is null ? request.WriteLater is null || request.IsDone : request.Applied is not null);

    // What changes state, or who the client is, counts from when it comes in; its answer waits for its turn.
    private void Prepare(PendingRequest request)
    {
        var declared = request.Operation.Declaration;
        _isConnecting |= request.Operation.Index == member.ConnectIndex;
        if (!declared.IsWrite && !declared.IsImmediate)
            return;
        if (IsReadOnly && declared.IsWrite)
        {
            request.Refusal = declared.Type == OpCode.CloseSession ? ZooError.Ok : ZooError.NotReadOnly;
            return;
        }
        try
        {
            var call = new ZooKeeperCall(member, this, request, request.Body);
            request.Operation.Handler(ref call);
            request.Refusal = call.Error;
            if (declared.IsImmediate)
                (request.WriteLater, request.IsDone) = (request.WriteLater ?? (static _ => { }), true);
        }
        catch (JuteException e)
        {
            request.Refusal = member.Observation.Malformed(request, SessionId, e);
            if (_isConnecting)
                Close();
        }
    }

    private void Answer(PendingRequest request)
    {
        var fault = request.Fault;
        // Applied and answered late; what comes behind it waits.
        _isHeld = fault.Action == OperationFaultAction.Delay;
        var error = request.Operation.Index == member.ConnectIndex ? WriteConnected(request) : Write(request);
        if (IsClosed)
            return;
        _isConnecting = false;
        if (request.Change is CloseSession)
            _isEnding = true;
        member.Observation.End(request, error);
        if (fault.Action is OperationFaultAction.DropReply or OperationFaultAction.KillNode)
            Close();
        else if (_isHeld)
            member.After(fault.DelayMs, LetGo);
    }

    private void LetGo()
    {
        _isHeld = false;
        if (IsClosed)
            return;
        Transport.ReleaseAll();
        Advance();
    }

    private ZooError Write(PendingRequest request)
    {
        var writer = member.Writer;
        var start = writer.Length;
        var zxid = request.Applied?.Zxid ?? member.State.Zxid;
        var error = request.Refusal;
        PacketOutput.Head(writer, request.Xid, zxid, error);
        var body = writer.Length;
        if (error == ZooError.Ok)
            error = WriteBody(request, writer);
        if (error != ZooError.Ok)
            writer.Cut(body);
        writer.PatchInt(start + 16, (int)error);
        if (IsClosed || request.Fault.Action is OperationFaultAction.DropReply or OperationFaultAction.KillNode)
            writer.Cut(start);
        else
            _packets.Send(start, !_isHeld);
        _packets.Answered(request, zxid);
        return error;
    }

    private ZooError WriteBody(PendingRequest request, JuteWriter writer)
    {
        if (request.Applied is { } applied)
        {
            // A multi's failure stands in its parts.
            if (applied.Result.Error == ZooError.Ok || applied.Result.Parts is not null)
                request.WriteResult?.Invoke(applied.Result, writer);
            return applied.Result.Parts is not null ? ZooError.Ok : applied.Result.Error;
        }
        if (request.WriteLater is { } write)
        {
            write(writer);
            return ZooError.Ok;
        }
        try
        {
            var call = new ZooKeeperCall(member, this, request, request.Body);
            request.Operation.Handler(ref call);
            return call.Error;
        }
        catch (JuteException e)
        {
            return member.Observation.Malformed(request, SessionId, e);
        }
    }

    // The reply to a connection's first packet has no header.
    private ZooError WriteConnected(PendingRequest request)
    {
        var writer = member.Writer;
        var start = writer.Length;
        writer.Int(0);
        if (request.Applied is { } applied)
            request.WriteResult!(applied.Result, writer);
        else if (request.WriteLater is { } write)
            write(writer);
        if (request.Refusal == ZooError.Ok)
            _packets.Send(start, !_isHeld);
        else
            writer.Cut(start);
        var error = request.Refusal == ZooError.Ok ? request.Applied?.Result.Error ?? ZooError.Ok : request.Refusal;
        if (error == ZooError.Ok)
        {
            _packets.Answered(request, member.State.Zxid);
            return error;
        }
        member.Observation.End(request, error);
        Close();
        return error;
    }
}
