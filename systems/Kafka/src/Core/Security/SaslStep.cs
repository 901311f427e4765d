namespace Microcosm.Kafka;

/// <summary>What comes of one message of a SASL exchange: it goes on, has shown who the client is, or has failed.</summary>
/// <param name="Answer">For the client; empty when it failed.</param>
/// <param name="User">Set when the exchange has succeeded.</param>
/// <param name="HasFailed">Nothing more may come.</param>
/// <param name="Error">
/// What the client is told of the failure. Null: only that its credentials are invalid, so that it learns nothing of which users there are.
/// </param>
internal readonly record struct SaslStep(byte[] Answer, string? User, bool HasFailed, string? Error)
{
    public static SaslStep Refused { get; } = new([], null, true, null);

    public static SaslStep Continue(byte[] answer) => new(answer, null, false, null);

    public static SaslStep Done(string user, byte[] answer) => new(answer, user, false, null);

    public static SaslStep Failed(string error) => new([], null, true, error);
}
