namespace Microcosm.Kafka;

/// <summary>
/// Bytes that are not what they should be: a message, or what is kept in the same types. Of a message it is a fault of the connection it
/// came from, which is closed.
/// </summary>
internal sealed class KafkaFormatException(string message) : Exception(message);
