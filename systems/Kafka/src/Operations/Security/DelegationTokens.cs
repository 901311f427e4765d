namespace Microcosm.Kafka;

/// <summary>
/// Delegation tokens (KIP-48), as a broker without <c>delegation.token.secret.key</c> answers: none are made. On a connection that has not
/// authenticated they are not allowed at all.
/// </summary>
internal static class DelegationTokens
{
    [KafkaOperation("CreateDelegationToken", 38, 1, 3, FlexibleFrom = 2)]
    public static ValueTask Create(KafkaCall call)
    {
        var request = call.Read<CreateDelegationTokenRequest>();
        var requester = call.Client.Principal.Split(':', 2);
        var hasOwner = !string.IsNullOrEmpty(request.OwnerPrincipalName);
        var error = call.Client.Sasl is not null && request.Renewers.Any(r => r.PrincipalType != "User")
            ? KafkaError.InvalidPrincipalType : Error(call);
        var response = new CreateDelegationTokenResponse
        {
            ErrorCode = (short)error,
            PrincipalType = hasOwner ? request.OwnerPrincipalType ?? "" : requester[0],
            PrincipalName = hasOwner ? request.OwnerPrincipalName! : requester[1],
            IssueTimestampMs = -1,
            ExpiryTimestampMs = -1,
            MaxTimestampMs = -1,
        };
        if (call.Version >= 3)
            (response.TokenRequesterPrincipalType, response.TokenRequesterPrincipalName) = (requester[0], requester[1]);
        call.Reply(response);
        return ValueTask.CompletedTask;
    }

    [KafkaOperation("RenewDelegationToken", 39, 1, 2, FlexibleFrom = 2)]
    public static ValueTask Renew(KafkaCall call)
    {
        call.Read<RenewDelegationTokenRequest>();
        call.Reply(new RenewDelegationTokenResponse { ErrorCode = (short)Error(call), ExpiryTimestampMs = -1 });
        return ValueTask.CompletedTask;
    }

    [KafkaOperation("ExpireDelegationToken", 40, 1, 2, FlexibleFrom = 2)]
    public static ValueTask Expire(KafkaCall call)
    {
        call.Read<ExpireDelegationTokenRequest>();
        call.Reply(new ExpireDelegationTokenResponse { ErrorCode = (short)Error(call), ExpiryTimestampMs = -1 });
        return ValueTask.CompletedTask;
    }

    [KafkaOperation("DescribeDelegationToken", 41, 1, 3, FlexibleFrom = 2)]
    public static ValueTask Describe(KafkaCall call)
    {
        call.Read<DescribeDelegationTokenRequest>();
        call.Reply(new DescribeDelegationTokenResponse { ErrorCode = (short)Error(call) });
        return ValueTask.CompletedTask;
    }

    private static KafkaError Error(KafkaCall call) =>
        call.Client.Sasl is null ? KafkaError.DelegationTokenRequestNotAllowed : KafkaError.DelegationTokenAuthDisabled;
}
