using System.Buffers;
using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>One request, as its operation sees it. It is answered once, with a reply or by <see cref="NoReply"/>.</summary>
internal sealed class KafkaCall(
    KafkaConnection client, Operation<KafkaOperationAttribute, KafkaHandler> operation, RequestHeader header, ReadOnlyMemory<byte> body)
    : IKafkaCall
{
    private readonly long _startedAt = client.Broker.Context.Clock.GetTimestamp();
    private List<byte[]>? _rented;
    private long? _waitedAt;

    public KafkaBroker Broker => Client.Broker;

    public KafkaConnection Client { get; } = client;

    public Operation<KafkaOperationAttribute, KafkaHandler> Operation { get; } = operation;

    public RequestHeader Header { get; } = header;

    public short Version => Header.ApiVersion;

    /// <summary>The client's own name; empty if it gave none.</summary>
    public string ClientId => Header.ClientId ?? "";

    /// <summary>Length of the request, in bytes, without its header.</summary>
    public int RequestBytes => body.Length;

    public bool IsAnswered { get; private set; }

    /// <summary>What is sent; null before the reply, and for none.</summary>
    public MessageWriter? Response { get; private set; }

    /// <summary>What is to fail about it.</summary>
    public OperationFault Fault { get; set; }

    /// <summary>Its span, while somebody listens and it is not answered.</summary>
    public OperationSpan? Span { get; set; }

    /// <summary>It may leave: it is answered, and its time has come where a fault delays it.</summary>
    public bool IsReady => IsAnswered && !IsHeld;

    public bool IsHeld { get; set; }

    /// <summary>For how long its client is to be muted when it is answered.</summary>
    public long ThrottleMs { get; set; }

    /// <summary>Time of the broker's core that it took, as far as it has: from its start until its handler first waited.</summary>
    public double TookSeconds =>
        Broker.Context.Clock.GetElapsedTime(_startedAt, _waitedAt ?? Broker.Context.Clock.GetTimestamp()).TotalSeconds;

    public void HandlerWaits() => _waitedAt = Broker.Context.Clock.GetTimestamp();

    /// <summary>Told when requests come in behind this one, which waits and could be answered early.</summary>
    public Action? Hurried { get; set; }

    /// <summary>The request's fields; byte fields are slices of its frame, which the call owns. Throws
    /// <see cref="KafkaFormatException"/>.</summary>
    public T Read<T>()
        where T : class, IMessage<T> => MessageCodec.DecodeRequest<T>(body, Version);

    public void Reply<T>(T response)
        where T : class, IMessage<T> => Reply(response, Version);

    /// <summary>Answers in another version, as only ApiVersions may.</summary>
    public void Reply<T>(T response, short version)
        where T : class, IMessage<T>
    {
        var throttleMs = this.Settle();
        if (response is IThrottled throttled)
            throttled.ThrottleTimeMs = throttleMs;
        var isFlexible = MessageCodec.IsFlexible<T>(version);
        var writer = new MessageWriter(isFlexible);
        new ResponseHeader(Header.CorrelationId).Write(writer, ResponseHeader.Version(T.ApiKey, isFlexible));
        try
        {
            response.Write(writer, version);
        }
        catch (InvalidOperationException e)
        {
            // A fault of ours, and one client's only.
            Broker.Context.Log.Write(LogSeverity.Error, $"{Operation.Declaration.Name} {version} cannot be answered: {e.Message}");
            Client.Close();
            return;
        }
        Response = writer;
        Client.Mute(throttleMs);
        Answered();
    }

    short IMessageCall.Key => Operation.Declaration.Key;

    string IKafkaCall.Name => Operation.Declaration.Name;

    string IKafkaCall.FullName => Operation.FullName;

    SessionTransport IKafkaCall.Transport => Client.Transport;

    bool IKafkaCall.IsInternal => Client.Listener.IsInternal;

    string? IKafkaCall.TopicOf(Guid id) => Broker.Cluster.TopicsById.GetValueOrDefault(id)?.Name;

    string IKafkaCall.FirstOfSession(FetchRequest request) =>
        Broker.FetchSessions.FirstOf(request.SessionId) is { } first ? $"{first.Topic}-{first.Id.Partition}" : "";

    // The operation itself will say so.
    void IKafkaCall.CannotTell(string why)
    {
    }

    /// <summary>An array for large bytes of the reply, of at least that length. The call owns it until it has left.</summary>
    public byte[] Rent(int length)
    {
        var array = ArrayPool<byte>.Shared.Rent(length);
        Own(array);
        return array;
    }

    /// <summary>An array of the shared pool that is the call's from now on.</summary>
    public void Own(byte[] array) => (_rented ??= []).Add(array);

    /// <summary>Gives back what was rented: nobody looks at it any more.</summary>
    public void ReturnRented()
    {
        _rented?.ForEach(array => ArrayPool<byte>.Shared.Return(array));
        _rented?.Clear();
    }

    /// <summary>Writes the reply where it leaves.</summary>
    public void MoveTo(OutputBuffer output)
    {
        if (Response is { } response)
        {
            BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), response.Length);
            output.Advance(4);
            response.MoveTo(output, _rented);
        }
        ReturnRented();
    }

    /// <summary>Nothing is sent, as for Produce with acks=0.</summary>
    public void NoReply()
    {
        Client.Mute(this.Settle());
        Answered();
    }

    private void Answered()
    {
        Invariant.Check(!IsAnswered, "a call is answered once");
        (IsAnswered, Hurried) = (true, null);
        Client.Answered();
    }
}
