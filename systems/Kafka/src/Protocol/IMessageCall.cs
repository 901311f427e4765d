namespace Microcosm.Kafka;

/// <summary>A request that can be answered, whoever carries it out.</summary>
internal interface IMessageCall
{
    /// <summary>Its API key.</summary>
    short Key { get; }

    short Version { get; }

    /// <summary>The request's fields. Throws <see cref="KafkaFormatException"/>.</summary>
    T Read<T>()
        where T : class, IMessage<T>;

    /// <summary>Answers it.</summary>
    void Reply<T>(T response)
        where T : class, IMessage<T>;
}
