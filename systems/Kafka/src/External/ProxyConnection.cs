using System.Net;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Kafka;

/// <summary>
/// A client's connection and the one to a broker that belongs to it: requests go that way, faults are decided, and <see
/// cref="ProxyResponses"/> brings the answers back. Invariant: what the broker has still to answer is in the queue, the oldest first.
/// </summary>
/// <param name="brokers">Where it leads: the first of them that can be reached.</param>
internal sealed class ProxyConnection(ProxyNode node, SessionTransport transport, Func<IReadOnlyList<DnsEndPoint>> brokers)
{
    /// <summary>Requests that may be under way; further ones stay in the socket.</summary>
    public const int UnderWayMax = 100;

    /// <summary>Of a request that is larger, rules do not see what it is about: <c>socket.request.max.bytes</c> of a broker.</summary>
    public const int WholeBytesMax = 100 * 1024 * 1024;

    // Enough for a request's header and a transactional id.
    private const int HeadBytes = 72 * 1024;
    private const int TlsHandshake = 0x1603;

    // Of a request that is not known: as far as all have it.
    private const short AnyHeader = 1;

    private readonly Queue<ProxyCall> _underWay = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionContext? _upstream;
    private UpstreamFrames? _frames;
    private TaskCompletionSource? _drained;
    private bool _isFlushing;

    public ProxyNode Node => node;

    public SessionTransport Transport => transport;

    public SaslTokens Sasl { get; } = new(node.Context.Log);

    public ProxyFetchSession FetchSession { get; } = new();

    /// <summary>The broker that it leads to; null until it is reached.</summary>
    public DnsEndPoint? Upstream { get; private set; }

    public int UnderWay => _underWay.Count;

    /// <summary>Nothing can be passed on now.</summary>
    public bool IsBlocked => _upstream is null || _isFlushing;

    /// <summary>No more requests are to be read now.</summary>
    public bool IsFull => IsBlocked || _underWay.Count >= UnderWayMax || Sasl.IsShakingHands;

    public bool IsClosed { get; private set; }

    // async void: a failure that nobody expects ends the node.
    public async void Run()
    {
        try
        {
            (_upstream, Upstream) = await node.Cluster.ConnectAsync(brokers());
        }
        catch (IOException e)
        {
            Reset($"no broker is reached: {e.Message}");
            return;
        }
        _frames = new UpstreamFrames(_upstream.Transport.Input, node.Context.Executor);
        transport.ResumeInput();
        try
        {
            await new ProxyResponses(node, this, _frames).RunAsync();
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            Reset(e.Message);
        }
        catch (KafkaFormatException e)
        {
            Refuse($"the broker's response makes no sense: {e.Message}");
        }
        // What was passed on is sent first.
        await _upstream.DisposeAsync();
    }

    /// <summary>How much of a request has to be seen before it is begun; null where it makes no sense, and the connection is
    /// closed.</summary>
    /// <param name="frame">As far as it has come.</param>
    public int? BytesToSee(ReadOnlySpan<byte> frame, int length)
    {
        if (length < 0 || length >> 16 == TlsHandshake)
        {
            Refuse(length < 0 ? $"size = {length}" : "the client speaks TLS, and listener.security.protocol is PLAINTEXT");
            return null;
        }
        if (Sasl.IsToken)
            return 0;
        if (length <= HeadBytes || frame.Length < HeadBytes)
            return Math.Min(length, HeadBytes);
        var key = (short)((frame[0] << 8) | frame[1]);
        var isSeenWhole = length <= WholeBytesMax && (key == Fetch.Key || node.Context.Faults.HasOperationRules);
        return isSeenWhole ? length : HeadBytes;
    }

    /// <summary>A request comes. True: it is to be passed on; else it is answered here, or the connection is closed.</summary>
    /// <param name="frame">Behind its length, as far as it was asked for.</param>
    public bool Begin(ReadOnlySpan<byte> frame, int length)
    {
        if (Sasl.TryTakeToken())
        {
            Enqueue(new ProxyCall(this, default, null) { IsToken = true });
            return true;
        }
        try
        {
            return Begin(frame.ToArray(), isWhole: frame.Length == length);
        }
        catch (KafkaFormatException e)
        {
            return Refuse(e.Message);
        }
    }

    /// <summary>Bytes of a request for the broker; they leave with <see cref="Flush"/>.</summary>
    public void PassOn(ReadOnlySpan<byte> bytes) => System.Buffers.BuffersExtensions.Write(_upstream!.Transport.Output, bytes);

    // async void: a failure that nobody expects ends the node.
    public async void Flush()
    {
        if (IsClosed || IsBlocked)
            return;
        _isFlushing = true;
        try
        {
            await _upstream!.Transport.Output.FlushAsync();
            await node.Context.Executor.SwitchTo();
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // Who reads from it is told as well, and ends the connection.
            await node.Context.Executor.SwitchTo();
        }
        _isFlushing = false;
        Resume();
    }

    /// <summary>The request whose answer is next; null for none.</summary>
    public ProxyCall? Next => _underWay.TryPeek(out var call) ? call : null;

    /// <summary>Waits until its answer may leave, or the connection is closed.</summary>
    public Task HeldAsync(ProxyCall call) => call.Held.IsCompleted ? Task.CompletedTask : Task.WhenAny(call.Held, _closed.Task);

    /// <summary>The answer to the oldest request is written, or never will be.</summary>
    public void Leave()
    {
        node.Observation.End(_underWay.Dequeue());
        Resume();
    }

    /// <summary>Lets go what is written, and waits where the client reads too slowly.</summary>
    public async ValueTask SendAsync()
    {
        transport.ReleaseAll();
        while (transport.PendingBytes > SessionTransport.HighWaterBytes && !IsClosed)
            await (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public void Drained()
    {
        _drained?.TrySetResult();
        _drained = null;
    }

    /// <summary>Lets the client go on, where nothing keeps it.</summary>
    public void Resume()
    {
        if (!IsClosed && !IsFull)
            transport.ResumeInput();
    }

    /// <summary>Closes both ways, after what is on its way.</summary>
    public void Close()
    {
        if (IsClosed)
            return;
        transport.Close();
        Closed();
    }

    /// <summary>The client is gone.</summary>
    public void Closed()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        node.Connections.Remove(this);
        foreach (var call in _underWay)
            node.Observation.End(call);
        _underWay.Clear();
        _closed.TrySetResult();
        Drained();
        _frames?.Wake();
    }

    /// <summary>Closes it, as what makes no sense is answered. Always false.</summary>
    public bool Refuse(string why)
    {
        node.Context.Log.Write(LogSeverity.Warning, $"Closing connection of {transport.Remote} due to invalid request: {why}");
        Close();
        return false;
    }

    private bool Begin(ReadOnlyMemory<byte> frame, bool isWhole)
    {
        var (key, version) = RequestHeader.Peek(frame);
        var declared = KafkaOperations.Find(key)?.Declaration;
        if (AddressRewriter.WhyRefused(key, version) is { } why)
            return key == ApiVersions.Key ? Answer(frame, declared!) : Refuse(why);
        var isFlexible = declared is not null && version >= declared.FlexibleFrom;
        var header = RequestHeader.Read(frame, declared is null ? AnyHeader : RequestHeader.Version(key, version, isFlexible), out var end);
        var call = new ProxyCall(this, header, isWhole ? frame[end..] : null);
        call.IsAwaited = key != Produce.Key || !IsWithoutAnswer(new MessageReader(frame, end, isFlexible), version);
        node.Observation.Begin(call);
        if (declared is null)
            call.CannotTell("the API is not known");
        call.Span?.Set("microcosm.upstream", ExternalKafkaOptions.Show(Upstream!));
        try
        {
            return Pass(call);
        }
        catch (KafkaFormatException)
        {
            node.Observation.End(call);
            throw;
        }
    }

    private bool Pass(ProxyCall call)
    {
        switch (call.Fault.Action)
        {
            case OperationFaultAction.CloseBefore:
                node.Observation.End(call);
                Close();
                return false;
            case OperationFaultAction.Refuse when call.IsAwaited && Refusals.TryReply(call, call.Fault.Error!):
                Enqueue(call);
                return false;
            case OperationFaultAction.Refuse:
                node.Context.Log.Write(LogSeverity.Error, Refusals.WhyClosed(call));
                node.Observation.End(call);
                Close();
                return false;
            case OperationFaultAction.Delay:
                call.Held = node.DelayAsync(call.Fault.DelayMs);
                break;
        }
        if (call is { Key: Fetch.Key, Version: >= 7 })
            FetchSession.Take(call.Read<FetchRequest>());
        if (call is { Key: SaslTokens.HandshakeKey, Version: 0 })
            Sasl.Asked(call.Read<SaslHandshakeRequest>().Mechanism);
        if (call.IsAwaited || call.Fault.Action != OperationFaultAction.None)
            Enqueue(call);
        else
            node.Observation.End(call);
        return true;
    }

    // KIP-511: so that the client asks again, in a version that is read here.
    private bool Answer(ReadOnlyMemory<byte> frame, KafkaOperationAttribute declared)
    {
        var call = new ProxyCall(this, RequestHeader.Read(frame, AnyHeader, out _), null);
        call.Reply(new ApiVersionsResponse
        {
            ErrorCode = (short)KafkaError.UnsupportedVersion,
            ApiKeys = [new() { ApiKey = declared.Key, MinVersion = declared.Lowest, MaxVersion = declared.Highest }],
        }, 0);
        Enqueue(call);
        return false;
    }

    // acks=0.
    private static bool IsWithoutAnswer(MessageReader produce, short version)
    {
        if (version >= 3)
            produce.ReadNullableString();
        return produce.ReadInt16() == 0;
    }

    private void Enqueue(ProxyCall call)
    {
        _underWay.Enqueue(call);
        if (_underWay.Count == 1 && !call.IsAwaited)
            _frames!.Wake();
    }

    // As the network does: the client sees a reset.
    private void Reset(string why)
    {
        if (IsClosed)
            return;
        node.Context.Log.Write(LogSeverity.Warning, $"Connection of {transport.Remote} is reset: {why}");
        transport.Abort();
        Closed();
    }
}
