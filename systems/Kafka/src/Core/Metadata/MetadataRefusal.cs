namespace Microcosm.Kafka;

/// <summary>A command, or one part of it, is refused and changed nothing.</summary>
internal sealed class MetadataRefusal : Exception
{
    public MetadataRefusal(KafkaError error, string? message = null)
        : base(message)
    {
        Error = error;
        Text = message;
    }

    public KafkaError Error { get; }

    /// <summary>What the client is told; null where Kafka gives no text of its own.</summary>
    public string? Text { get; }
}
