namespace Microcosm.Kafka.Tests.Core;

/// <summary>The states of a connection that must authenticate.</summary>
public sealed class SaslServerAuthenticatorTests
{
    [Fact]
    public void A_client_shakes_hands_authenticates_and_may_do_all()
    {
        var one = new SaslConnection();
        Assert.True(one.Accepts(ApiVersionsRequest.ApiKey));
        Assert.True(one.Accepts(SaslHandshakeRequest.ApiKey));
        Assert.False(one.Accepts(MetadataRequest.ApiKey));
        Assert.False(one.Accepts(SaslAuthenticateRequest.ApiKey));
        Assert.Equal(KafkaError.None, one.Handshake());
        Assert.True(one.Accepts(SaslAuthenticateRequest.ApiKey));
        Assert.False(one.Accepts(ApiVersionsRequest.ApiKey));
        Assert.False(one.Accepts(MetadataRequest.ApiKey));
        Assert.Null(one.Server.User);
        var answer = one.Authenticate();
        Assert.Equal(0, answer.ErrorCode + answer.SessionLifetimeMs);
        Assert.Equal(("ann", SaslState.Complete), (one.Server.User, one.Server.State));
        Assert.True(one.Accepts(MetadataRequest.ApiKey));
        one.NowMs = long.MaxValue - 1;
        Assert.True(one.Accepts(MetadataRequest.ApiKey));
    }

    [Fact]
    public void Another_mechanism_is_refused_with_those_that_there_are()
    {
        var one = new SaslConnection();
        var answer = one.Server.Handshake(new() { Mechanism = "GSSAPI" }, 1, one.NowMs);
        Assert.Equal((short)KafkaError.UnsupportedSaslMechanism, answer.ErrorCode);
        Assert.Equal(["PLAIN", "OTHER"], answer.Mechanisms);
        Assert.Equal(SaslState.Failed, one.Server.State);
        Assert.False(one.Accepts(SaslHandshakeRequest.ApiKey));
    }

    [Fact]
    public void A_failure_is_told_and_final()
    {
        var one = new SaslConnection();
        one.Handshake();
        var answer = one.Authenticate(password: "wrong");
        Assert.Equal((short)KafkaError.SaslAuthenticationFailed, answer.ErrorCode);
        Assert.Equal("Authentication failed: Invalid username or password", answer.ErrorMessage);
        Assert.Equal(SaslState.Failed, one.Server.State);
        Assert.Equal((short)KafkaError.IllegalSaslState, one.Authenticate().ErrorCode);
        Assert.Null(one.Server.User);
    }

    [Fact]
    public void A_failure_without_a_reason_has_Kafkas_general_words()
    {
        var one = new SaslConnection();
        one.Handshake("OTHER");
        Assert.Equal(
            "Authentication failed during authentication due to invalid credentials with SASL mechanism OTHER",
            one.Authenticate().ErrorMessage);
    }

    [Fact]
    public void After_a_handshake_of_version_0_tokens_come_bare()
    {
        var one = new SaslConnection();
        one.Handshake(version: 0);
        Assert.True(one.Server.TakesTokens);
        Assert.False(one.Accepts(SaslAuthenticateRequest.ApiKey));
        Assert.Empty(one.Server.Token("\0ann\0a"u8, one.NowMs)!);
        Assert.Equal("ann", one.Server.User);
        Assert.False(one.Server.TakesTokens);
        var other = new SaslConnection();
        other.Handshake(version: 0);
        Assert.Null(other.Server.Token("\0ann\0b"u8, other.NowMs));
        Assert.Equal(SaslState.Failed, other.Server.State);
    }

    [Fact]
    public void A_second_handshake_or_authentication_is_illegal()
    {
        var one = new SaslConnection();
        one.Handshake();
        one.Authenticate();
        Assert.Equal(KafkaError.IllegalSaslState, one.Handshake());
        var answer = one.Authenticate();
        Assert.Equal((short)KafkaError.IllegalSaslState, answer.ErrorCode);
        Assert.Equal("SaslAuthenticate request received after successful authentication", answer.ErrorMessage);
        Assert.Equal("ann", one.Server.User);
        Assert.Equal(SaslState.Complete, one.Server.State);
        var other = new SaslConnection();
        other.Handshake();
        Assert.Equal(KafkaError.IllegalSaslState, other.Handshake());
        Assert.Equal(SaslState.Failed, other.Server.State);
    }

    [Fact]
    public void A_session_that_ends_is_prolonged_by_authenticating_again()
    {
        var one = Again();
        Assert.Equal(KafkaError.None, one.Handshake());
        Assert.Equal(5_000, one.Authenticate().SessionLifetimeMs);
        one.NowMs += 4_999;
        Assert.True(one.Accepts(MetadataRequest.ApiKey));
        one.NowMs++;
        Assert.False(one.Accepts(MetadataRequest.ApiKey));
        Assert.True(one.Accepts(SaslHandshakeRequest.ApiKey));
    }

    [Fact]
    public void Authenticating_again_changes_neither_user_nor_mechanism()
    {
        var one = Again();
        one.Handshake();
        Assert.Equal(
            "Cannot change principals during re-authentication from User.ann: User.bob", one.Authenticate("bob", "b").ErrorMessage);
        Assert.Equal(SaslState.Failed, one.Server.State);
        var other = Again();
        other.Handshake("OTHER");
        Assert.Equal(
            "SASL mechanism 'OTHER' requested by client is not supported for re-authentication of mechanism 'PLAIN'",
            other.Authenticate().ErrorMessage);
    }

    [Fact]
    public void Authenticating_again_is_possible_once_a_second()
    {
        var one = Again();
        one.Handshake();
        one.Authenticate();
        one.NowMs += 999;
        Assert.Equal(KafkaError.IllegalSaslState, one.Handshake());
        one.NowMs++;
        Assert.Equal(KafkaError.None, one.Handshake());
    }

    private static SaslConnection Again()
    {
        var one = new SaslConnection(maxReauthMs: 5_000);
        one.Handshake();
        Assert.Equal(5_000, one.Authenticate().SessionLifetimeMs);
        one.NowMs += 4_000;
        return one;
    }
}
