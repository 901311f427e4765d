namespace Microcosm.Kafka;

/// <summary>The server's side of one SASL mechanism, for one authentication.</summary>
internal abstract class SaslExchange
{
    /// <summary>As a client asks for it.</summary>
    public abstract string Mechanism { get; }

    /// <summary>Takes the client's next message. After it is done or has failed nothing more may come.</summary>
    public abstract SaslStep Step(ReadOnlySpan<byte> message);
}
