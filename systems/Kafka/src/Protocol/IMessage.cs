namespace Microcosm.Kafka;

/// <summary>
/// A request, a response or a record of an internal topic, in all its versions. The classes are generated from Messages/*.messages.
/// </summary>
internal interface IMessage<TSelf>
    where TSelf : class, IMessage<TSelf>
{
    /// <summary>-1 for records.</summary>
    static abstract short ApiKey { get; }

    static abstract short LowestVersion { get; }

    static abstract short HighestVersion { get; }

    /// <summary>First version with compact lengths and tagged fields (KIP-482); <see cref="short.MaxValue"/> for none.</summary>
    static abstract short FirstFlexibleVersion { get; }

    /// <exception cref="KafkaFormatException">The bytes are not such a message, or the version is none of its versions.</exception>
    static abstract TSelf Read(ref MessageReader reader, short version);

    /// <exception cref="InvalidOperationException">The version cannot carry a value that is set and may not be left out.</exception>
    void Write(MessageWriter writer, short version);
}
