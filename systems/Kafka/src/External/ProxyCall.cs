using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>One request on its way through the proxy; or a token of authentication without a header, which is only waited for.</summary>
/// <param name="body">Null where it is too large to be looked at whole.</param>
internal sealed class ProxyCall(ProxyConnection client, RequestHeader header, ReadOnlyMemory<byte>? body) : IKafkaCall
{
    /// <summary>Null for an API that is not known here.</summary>
    public KafkaOperationAttribute? Declaration { get; } = KafkaOperations.Find(header.ApiKey)?.Declaration;

    public short Key => header.ApiKey;

    public string Name => Declaration?.Name ?? $"Api{Key}";

    public string FullName => $"kafka.{Name}";

    public short Version => header.ApiVersion;

    public int CorrelationId => header.CorrelationId;

    public string ClientId => header.ClientId ?? "";

    public SessionTransport Transport => client.Transport;

    public bool IsInternal => false;

    public OperationFault Fault { get; set; }

    public OperationSpan? Span { get; set; }

    /// <summary>The cluster answers it: not where it was not passed on, nor a Produce with acks=0.</summary>
    public bool IsAwaited { get; set; } = true;

    /// <summary>It has no header, and neither has its answer.</summary>
    public bool IsToken { get; init; }

    /// <summary>What the proxy itself answers, with its length in front; null for nothing.</summary>
    public byte[]? Response { get; private set; }

    /// <summary>Done when its answer may leave.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    public T Read<T>()
        where T : class, IMessage<T> =>
        Declaration is null ? throw new KafkaFormatException($"API key {Key} is not known")
        : Version > T.HighestVersion || Version < T.LowestVersion ? throw new KafkaFormatException($"version {Version} is not known")
        : body is { } bytes ? MessageCodec.DecodeRequest<T>(bytes, Version)
        : throw new KafkaFormatException($"it has more than {ProxyConnection.WholeBytesMax} bytes");

    public void Reply<T>(T response)
        where T : class, IMessage<T> => Reply(response, Version);

    /// <summary>Answers in another version, as only ApiVersions may.</summary>
    public void Reply<T>(T response, short version)
        where T : class, IMessage<T>
    {
        IsAwaited = false;
        Response = Frame(CorrelationId, response, version);
    }

    public string? TopicOf(Guid id) => client.Node.Topics.Find(id)
        ?? throw new KafkaFormatException($"of the topic with id {id} no Metadata told since the proxy started");

    public string FirstOfSession(FetchRequest request) =>
        request.SessionEpoch <= 0 ? "" : client.FetchSession.First is not var (topic, id, partition)
            ? throw new KafkaFormatException("its fetch session began on another connection")
        : $"{(Version < 13 ? topic : TopicOf(id))}-{partition}";

    public void CannotTell(string why) => client.Node.CannotTell(this, why);

    /// <summary>A response with its header, and its length in front.</summary>
    public static byte[] Frame<T>(int correlationId, T response, short version)
        where T : class, IMessage<T>
    {
        var isFlexible = MessageCodec.IsFlexible<T>(version);
        var writer = new MessageWriter(isFlexible);
        writer.WriteInt32(0);
        new ResponseHeader(correlationId).Write(writer, ResponseHeader.Version(T.ApiKey, isFlexible));
        response.Write(writer, version);
        var frame = writer.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        return frame;
    }
}
