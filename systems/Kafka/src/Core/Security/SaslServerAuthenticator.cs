using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Authentication of one connection (KIP-43, KIP-152, KIP-368). Invariants: nobody is known before an exchange has succeeded; a failure is
/// final; authenticating again never changes who the client is.
/// </summary>
/// <param name="mechanisms">sasl.enabled.mechanisms, in the order that clients are told.</param>
/// <param name="begin">Starts an exchange of an enabled mechanism.</param>
/// <param name="maxReauthMs">connections.max.reauth.ms; 0: a session does not end and its client cannot authenticate again.</param>
internal sealed class SaslServerAuthenticator(IReadOnlyList<string> mechanisms, Func<string, SaslExchange> begin, long maxReauthMs = 0)
{
    private const int ReauthIntervalMsMin = 1_000;

    private SaslExchange? _exchange;
    private string? _mechanism;
    private bool _isOtherMechanism;
    private long _reauthStartedAtMs = long.MinValue;

    public SaslState State { get; private set; }

    /// <summary>Null until <see cref="SaslState.Complete"/> for the first time.</summary>
    public string? User { get; private set; }

    /// <summary>After a handshake of version 0 the exchange's messages come bare, without request headers.</summary>
    public bool TakesTokens { get; private set; }

    /// <summary>When the session ends if the client does not authenticate again.</summary>
    public long ExpiresAtMs { get; private set; } = long.MaxValue;

    /// <summary>Whether such a request may come now; if not, the connection ends without an answer, as in Kafka.</summary>
    public bool Accepts(short apiKey, long nowMs) => State switch
    {
        SaslState.Handshake => apiKey == ApiVersionsRequest.ApiKey || apiKey == SaslHandshakeRequest.ApiKey,
        SaslState.Authenticate => !TakesTokens && (apiKey == SaslAuthenticateRequest.ApiKey || apiKey == SaslHandshakeRequest.ApiKey),
        SaslState.Complete => nowMs < ExpiresAtMs || apiKey == SaslHandshakeRequest.ApiKey,
        _ => false,
    };

    public SaslHandshakeResponse Handshake(SaslHandshakeRequest request, short version, long nowMs)
    {
        var isAgain = State == SaslState.Complete;
        if (isAgain && !MayAuthenticateAgain(nowMs))
            return new() { ErrorCode = (short)KafkaError.IllegalSaslState };
        if (State is not (SaslState.Handshake or SaslState.Complete))
        {
            State = SaslState.Failed;
            return new() { ErrorCode = (short)KafkaError.IllegalSaslState };
        }
        if (!mechanisms.Contains(request.Mechanism))
        {
            State = SaslState.Failed;
            return new() { ErrorCode = (short)KafkaError.UnsupportedSaslMechanism, Mechanisms = [.. mechanisms] };
        }
        if (isAgain)
            _reauthStartedAtMs = nowMs;
        _isOtherMechanism = isAgain && request.Mechanism != _mechanism;
        if (!_isOtherMechanism)
            _mechanism = request.Mechanism;
        _exchange = begin(request.Mechanism);
        Invariant.Check(_exchange.Mechanism == request.Mechanism, "the exchange is of the mechanism that the client asked for");
        TakesTokens = version == 0;
        State = SaslState.Authenticate;
        return new() { Mechanisms = [.. mechanisms] };
    }

    public SaslAuthenticateResponse Authenticate(SaslAuthenticateRequest request, long nowMs)
    {
        if (State != SaslState.Authenticate)
        {
            return new()
            {
                ErrorCode = (short)KafkaError.IllegalSaslState,
                ErrorMessage = "SaslAuthenticate request received after successful authentication",
            };
        }
        var step = Step(request.AuthBytes.Span, nowMs);
        if (step.HasFailed)
            return new() { ErrorCode = (short)KafkaError.SaslAuthenticationFailed, ErrorMessage = step.Error };
        return new() { AuthBytes = step.Answer, SessionLifetimeMs = State == SaslState.Complete ? maxReauthMs : 0 };
    }

    /// <summary>A bare message after a handshake of version 0. Null: the connection ends, that is all such a client is told.</summary>
    public byte[]? Token(ReadOnlySpan<byte> message, long nowMs)
    {
        Invariant.Check(State == SaslState.Authenticate && TakesTokens, "bare messages come after a handshake of version 0 only");
        var step = Step(message, nowMs);
        return step.HasFailed ? null : step.Answer;
    }

    private bool MayAuthenticateAgain(long nowMs) =>
        maxReauthMs > 0 && (_reauthStartedAtMs == long.MinValue || nowMs - _reauthStartedAtMs >= ReauthIntervalMsMin);

    private SaslStep Step(ReadOnlySpan<byte> message, long nowMs)
    {
        var step = _isOtherMechanism ? SaslStep.Failed(OtherMechanism) : _exchange!.Step(message);
        if (step.User is not null && User is not null && step.User != User)
            step = SaslStep.Failed($"Cannot change principals during re-authentication from User.{User}: User.{step.User}");
        if (step.HasFailed)
        {
            State = SaslState.Failed;
            return step with { Error = step.Error ?? InvalidCredentials };
        }
        if (step.User is not null)
        {
            (State, User, TakesTokens, _exchange) = (SaslState.Complete, step.User, false, null);
            ExpiresAtMs = maxReauthMs > 0 ? nowMs + maxReauthMs : long.MaxValue;
        }
        return step;
    }

    private string OtherMechanism =>
        $"SASL mechanism '{_exchange!.Mechanism}' requested by client is not supported for re-authentication of mechanism '{_mechanism}'";

    private string InvalidCredentials =>
        $"Authentication failed during {(User is null ? "" : "re-")}authentication due to invalid credentials with SASL mechanism "
        + _mechanism;
}
