namespace Microcosm.Kafka;

/// <summary>A request of a consumer group's member is refused and changed nothing. The message is what the client is told.</summary>
internal sealed class GroupRefusal(KafkaError error, string message) : Exception(Shorten(message))
{
    // Ids and patterns may be as long as a string of the protocol, and so may no message be that has one in it.
    private const int MessageCharsMax = 4_096;

    public KafkaError Error { get; } = error;

    private static string Shorten(string message) => message.Length <= MessageCharsMax ? message : message[..MessageCharsMax];
}
