using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A request as faults, spans and refusals see it, whoever carries it out: a broker of ours, or one behind the proxy.</summary>
internal interface IKafkaCall : IMessageCall
{
    /// <summary>As Kafka names the API: <c>Produce</c>.</summary>
    string Name { get; }

    /// <summary>As fault rules know it: <c>kafka.Produce</c>.</summary>
    string FullName { get; }

    /// <summary>The client's own name; empty if it gave none.</summary>
    string ClientId { get; }

    /// <summary>The connection that it came by.</summary>
    SessionTransport Transport { get; }

    /// <summary>A broker asks, and no rule is about that.</summary>
    bool IsInternal { get; }

    /// <summary>What is to fail about it.</summary>
    OperationFault Fault { get; set; }

    /// <summary>Its span, while somebody listens and it is not answered.</summary>
    OperationSpan? Span { get; set; }

    /// <summary>The name of a topic; null for none of that id. Throws <see cref="KafkaFormatException"/> where that cannot be
    /// known.</summary>
    string? TopicOf(Guid id);

    /// <summary>What a fetch that names nothing reads first, by its session: <c>orders-0</c>; empty for nothing.</summary>
    string FirstOfSession(FetchRequest request);

    /// <summary>Told where rules cannot know what the request is about.</summary>
    void CannotTell(string why);
}
