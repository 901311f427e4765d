namespace Microcosm.Kafka;

/// <summary>SaslAuthenticate (KIP-152): the mechanism's messages.</summary>
internal static class SaslAuthenticate
{
    [KafkaOperation("SaslAuthenticate", 36, 0, 2, FlexibleFrom = 2, IsBeforeAuthentication = true)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<SaslAuthenticateRequest>();
        call.Reply(call.Client.Sasl is { } sasl ? sasl.Authenticate(request, call.Broker.NowMs) : new SaslAuthenticateResponse
        {
            ErrorCode = (short)KafkaError.IllegalSaslState,
            ErrorMessage = "SaslAuthenticate request received after successful authentication",
        });
        return ValueTask.CompletedTask;
    }
}
