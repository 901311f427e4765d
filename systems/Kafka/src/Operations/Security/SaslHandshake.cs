namespace Microcosm.Kafka;

/// <summary>SaslHandshake (KIP-43): the client chooses a mechanism. Illegal on a listener whose clients need not authenticate.</summary>
internal static class SaslHandshake
{
    [KafkaOperation("SaslHandshake", 17, 0, 1, IsBeforeAuthentication = true)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<SaslHandshakeRequest>();
        call.Reply(call.Client.Sasl is { } sasl ? sasl.Handshake(request, call.Version, call.Broker.NowMs)
            : new SaslHandshakeResponse { ErrorCode = (short)KafkaError.IllegalSaslState });
        return ValueTask.CompletedTask;
    }
}
