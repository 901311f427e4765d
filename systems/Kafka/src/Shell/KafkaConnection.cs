using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// A client's connection. Requests start in the order they came in, without waiting for each other; replies leave in that order too.
/// Invariant: what is not answered is in the queue, the oldest first.
/// </summary>
/// <param name="certified">The name in the certificate that the client showed, or null.</param>
internal sealed class KafkaConnection(KafkaBroker broker, SessionTransport transport, KafkaListener listener, string? certified)
{
    /// <summary>Requests that may be under way; further ones stay in the socket.</summary>
    [Limit("UnderWayMax")]
    public const int UnderWayMax = 100;

    private readonly Queue<KafkaCall> _underWay = new();
    private bool _isStarting;
    private long _mutedUntilMs;

    public KafkaBroker Broker => broker;

    public SessionTransport Transport => transport;

    /// <summary>How it came in.</summary>
    public KafkaListener Listener => listener;

    /// <summary>How the client shows who it is; null where it need not.</summary>
    public SaslServerAuthenticator? Sasl { get; } = listener.IsInternal ? null : broker.Security.Authenticate();

    /// <summary>Who the client is: by SASL, else by its certificate.</summary>
    public string User => (Sasl is null ? certified : Sasl.User) ?? "ANONYMOUS";

    /// <summary>Who the client is, as ACLs name it.</summary>
    public string Principal => $"User:{User}";

    /// <summary>The client's address, as Kafka shows it in groups and ACLs.</summary>
    public string Host => (transport.Remote as IPEndPoint)?.Address.ToString() ?? (transport.Remote as NodeEndPoint)?.Node ?? "unknown";

    /// <summary>The client's address as groups show it: with a slash, as Java writes addresses.</summary>
    public string ShownHost => "/" + Host;

    /// <summary>No more requests are to be read now.</summary>
    public bool IsFull => (!listener.IsInternal && !broker.Lifecycle.Serves) || broker.NowMs < _mutedUntilMs
        || _underWay.Count >= UnderWayMax || transport.PendingBytes >= SessionTransport.HighWaterBytes;

    public bool IsClosed { get; private set; }

    /// <summary>The client's library and its version, if it said so.</summary>
    public string Software { get; set; } = "";

    /// <summary>The broker that shows by this connection that it lives, if one does.</summary>
    public int? HeartbeatOf { get; set; }

    /// <summary>Raised once, when the connection is gone.</summary>
    public event Action? Ended;

    /// <summary>A whole request came in. False: it makes no sense, and the connection is to be closed.</summary>
    public bool Take(ReadOnlySpan<byte> request)
    {
        if (Sasl is { TakesTokens: true })
            return TakeToken(request);
        return Take(request.ToArray(), rented: null);
    }

    /// <summary>The same for a long one, in an array of the shared pool, which is the connection's from now on.</summary>
    public bool Take(byte[] rented, int length)
    {
        var request = rented.AsMemory(0, length);
        // Records to be written, which nobody keeps.
        if (Sasl is not { TakesTokens: true } && BinaryPrimitives.ReadInt16BigEndian(request.Span) == Produce.Key)
            return Take(request, rented);
        var taken = Take(request.Span);
        ArrayPool<byte>.Shared.Return(rented);
        return taken;
    }

    private bool Take(ReadOnlyMemory<byte> frame, byte[]? rented)
    {
        try
        {
            var (key, version) = RequestHeader.Peek(frame);
            if (KafkaOperations.Find(key) is not { } operation || (operation.Declaration.IsInternal && !listener.IsInternal))
                return RefuseUnserved($"key {key}", $"API key {key} is not known");
            var declared = operation.Declaration;
            if (Sasl?.Accepts(key, broker.NowMs) == false)
                return Refuse($"Unexpected Kafka request of type {declared.Name} in SASL state {Sasl.State}");
            var isKnown = version >= declared.Lowest && version <= declared.Highest;
            // The header of a version that is not known: as far as every version has it.
            var header = RequestHeader.Read(
                frame, isKnown ? RequestHeader.Version(key, version, version >= declared.FlexibleFrom) : (short)1, out var end);
            if (!isKnown && key != ApiVersions.Key)
                return RefuseUnserved($"{declared.Name} v{version}", $"version {version} of {declared.Name} is not served");
            var call = new KafkaCall(this, operation, header, frame[end..]);
            if (rented is not null)
                call.Own(rented);
            Start(call);
            return true;
        }
        catch (KafkaFormatException e)
        {
            return Refuse(e.Message);
        }
    }

    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        transport.Close();
    }

    public void Closed()
    {
        IsClosed = true;
        Ended?.Invoke();
    }

    /// <summary>Reads no more requests for so long (KIP-219).</summary>
    public void Mute(long forMs)
    {
        if (forMs <= 0 || broker.NowMs + forMs <= _mutedUntilMs)
            return;
        _mutedUntilMs = broker.NowMs + forMs;
        broker.Deadlines.Add(forMs, () =>
        {
            if (!IsClosed && !IsFull)
                transport.ResumeInput();
        });
    }

    /// <summary>A call of this connection was answered: it leaves when all before it have.</summary>
    public void Answered()
    {
        if (_isStarting || IsClosed)
            return;
        var wasFull = IsFull;
        while (_underWay.TryPeek(out var first) && first.IsReady && !IsClosed)
            Leave(_underWay.Dequeue());
        transport.ReleaseAll();
        if (wasFull && !IsFull)
            transport.ResumeInput();
    }

    private bool RefuseUnserved(string operation, string why)
    {
        broker.Context.Telemetry.Unserved(operation);
        return Refuse(why);
    }

    private bool Refuse(string why)
    {
        broker.Context.Log.Write(LogSeverity.Warning, $"Closing connection of {transport.Remote} due to invalid request: {why}");
        return false;
    }

    // A client of before KIP-152: the mechanism's messages come and go without headers.
    private bool TakeToken(ReadOnlySpan<byte> token)
    {
        if (_underWay.Count > 0 || Sasl!.Token(token, broker.NowMs) is not { } answer)
            return Refuse("authentication failed");
        BinaryPrimitives.WriteInt32BigEndian(transport.Output.GetSpan(4), answer.Length);
        transport.Output.Advance(4);
        transport.Output.Write(answer);
        transport.ReleaseAll();
        return true;
    }

    private void Start(KafkaCall call)
    {
        if (_underWay.TryPeek(out var waiting) && listener.IsInternal)
            waiting.Hurried?.Invoke();
        broker.Observation.Begin(call);
        _underWay.Enqueue(call);
        if (call.Fault.Action == OperationFaultAction.CloseBefore)
        {
            broker.Observation.End(call);
            Close();
            return;
        }
        call.IsHeld = call.Fault.Action == OperationFaultAction.Delay;
        if (call.IsHeld)
        {
            broker.Deadlines.Add(call.Fault.DelayMs, () =>
            {
                call.IsHeld = false;
                Answered();
            });
        }
        // Answered at once it is written in its turn, below, and not from within.
        _isStarting = true;
        Run(call);
        _isStarting = false;
        if (call.IsAnswered)
            Answered();
    }

    // async void: a failure that nobody expects ends the node.
    private async void Run(KafkaCall call)
    {
        try
        {
            if (call.Fault.Action == OperationFaultAction.Refuse)
            {
                if (Refusals.TryReply(call, call.Fault.Error!))
                    return;
                broker.Context.Log.Write(LogSeverity.Error, Refusals.WhyClosed(call));
                Close();
                return;
            }
            var done = call.Operation.Handler(call);
            call.HandlerWaits();
            await done;
        }
        catch (KafkaFormatException e)
        {
            Refuse($"{call.Operation.Declaration.Name}: {e.Message}");
            Close();
        }
    }

    private void Leave(KafkaCall call)
    {
        broker.Observation.End(call);
        if (call.Fault.Action is OperationFaultAction.DropReply or OperationFaultAction.KillNode)
        {
            // What was answered before it leaves still.
            transport.ReleaseAll();
            Close();
            return;
        }
        call.MoveTo(transport.Output);
        if (Sasl is not { State: SaslState.Failed } || _underWay.Count > 0)
            return;
        transport.ReleaseAll();
        Close();
    }
}
