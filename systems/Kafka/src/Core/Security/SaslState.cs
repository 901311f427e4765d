namespace Microcosm.Kafka;

/// <summary>Where a connection of a SASL listener is.</summary>
internal enum SaslState
{
    /// <summary>Only ApiVersions and SaslHandshake may come.</summary>
    Handshake,

    /// <summary>The mechanism is chosen; its messages come.</summary>
    Authenticate,
    Complete,

    /// <summary>The connection ends when the last answer is sent.</summary>
    Failed,
}
