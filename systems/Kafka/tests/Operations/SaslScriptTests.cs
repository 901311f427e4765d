using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microcosm.Kafka.Tests.Core;
using static Microcosm.Kafka.Tests.Operations.SecurityWorld;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Authentication over connections.</summary>
public sealed class SaslScriptTests
{
    [Fact]
    public async Task Who_has_not_authenticated_is_told_versions_and_nothing_else()
    {
        await using var world = await StartAsync(o => o.AddSaslUser("ann", "ann"));
        await using var client = await RawClient.ConnectAsync(world);
        Assert.Equal(0, (await client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(
            new() { ClientSoftwareName = "raw", ClientSoftwareVersion = "1" }, 3)).ErrorCode);
        await Assert.ThrowsAsync<EndOfStreamException>(() => AskAsync(client));
        await using var known = await PlainAsync(world, "ann");
        Assert.Single((await AskAsync(known)).Brokers);
    }

    [Fact]
    public async Task A_failure_is_told_and_then_the_connection_ends()
    {
        await using var world = await StartAsync(o => o.AddSaslUser("ann", "ann"));
        await using var client = await RawClient.ConnectAsync(world);
        await HandshakeAsync(client, "PLAIN");
        var answer = await AuthenticateAsync(client, "\0ann\0guess");
        Assert.Equal(
            (KafkaError.SaslAuthenticationFailed, "Authentication failed: Invalid username or password"),
            ((KafkaError)answer.ErrorCode, answer.ErrorMessage));
        await Assert.ThrowsAsync<EndOfStreamException>(client.ReceiveAsync);
        await using var other = await RawClient.ConnectAsync(world);
        var refused = await HandshakeAsync(other, "GSSAPI");
        Assert.Equal((short)KafkaError.UnsupportedSaslMechanism, refused.ErrorCode);
        Assert.Equal(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], refused.Mechanisms);
        await Assert.ThrowsAsync<EndOfStreamException>(other.ReceiveAsync);
    }

    [Fact]
    public async Task A_user_that_was_created_authenticates_by_SCRAM_and_does_not_once_it_is_deleted()
    {
        await using var world = await StartAsync(o => o.AddSaslUser("ann", "ann"));
        await using var admin = await PlainAsync(world, "ann");
        byte[] salt = [1, 2, 3, 4];
        Assert.Equal("", await AlterAsync(admin, new()
        {
            Upsertions =
            [
                new()
                {
                    Name = "cy", Mechanism = 2, Iterations = 4096, Salt = salt,
                    SaltedPassword = ScramMechanism.Sha512.SaltedPassword("secret", salt, 4096),
                },
            ],
        }));
        await using (var client = await RawClient.ConnectAsync(world))
        {
            var scram = new ScramClient(HashAlgorithmName.SHA512, "cy", "secret", "nonce");
            var answer = await ScramAsync(client, "SCRAM-SHA-512", scram);
            Assert.Equal((0, scram.ServerSignature), (answer.ErrorCode, Encoding.UTF8.GetString(answer.AuthBytes.Span)));
            Assert.Single((await AskAsync(client)).Brokers);
        }
        Assert.Equal("", await AlterAsync(admin, new() { Deletions = [new() { Name = "cy", Mechanism = 2 }] }));
        await using var late = await RawClient.ConnectAsync(world);
        var refused = await ScramAsync(late, "SCRAM-SHA-512", new ScramClient(HashAlgorithmName.SHA512, "cy", "secret", "nonce"));
        Assert.Equal(
            "Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512",
            refused.ErrorMessage);
    }

    [Fact]
    public async Task After_a_handshake_of_version_0_tokens_come_and_go_bare()
    {
        await using var world = await StartAsync(o => o.AddSaslUser("ann", "ann"));
        await using var client = await RawClient.ConnectAsync(world);
        await HandshakeAsync(client, "PLAIN", version: 0);
        byte[] token = [0, 0, 0, 8, .. "\0ann\0ann"u8];
        Assert.Equal(8, BinaryPrimitives.ReadInt32BigEndian(token));
        await client.Stream.WriteAsync(token, TestContext.Current.CancellationToken);
        await client.Stream.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await client.ReceiveAsync());
        Assert.Single((await AskAsync(client)).Brokers);
    }

    [Fact]
    public async Task Where_nobody_must_authenticate_nobody_can()
    {
        await using var world = await StartAsync(_ => { });
        await using var client = await RawClient.ConnectAsync(world);
        Assert.Equal((short)KafkaError.IllegalSaslState, (await HandshakeAsync(client, "PLAIN")).ErrorCode);
        Assert.Equal((short)KafkaError.IllegalSaslState, (await AuthenticateAsync(client, "")).ErrorCode);
        Assert.Single((await AskAsync(client)).Brokers);
    }

    [Fact]
    public async Task Delegation_tokens_are_refused()
    {
        await using var world = await StartAsync(o => o.AddSaslUser("ann", "ann"));
        await using var known = await PlainAsync(world, "ann");
        var answer = await known.CallAsync<CreateDelegationTokenRequest, CreateDelegationTokenResponse>(new() { MaxLifetimeMs = -1 }, 3);
        Assert.Equal(
            (KafkaError.DelegationTokenAuthDisabled, "User", "ann"),
            ((KafkaError)answer.ErrorCode, answer.PrincipalType, answer.TokenRequesterPrincipalName));
        await using var open = await StartAsync(_ => { });
        await using var anybody = await RawClient.ConnectAsync(open);
        Assert.Equal(
            (short)KafkaError.DelegationTokenRequestNotAllowed,
            (await anybody.CallAsync<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse>(new(), 3)).ErrorCode);
    }

    // What is wrong with those named, one after the other.
    private static async Task<string> AlterAsync(RawClient client, AlterUserScramCredentialsRequest request)
    {
        var answer = await client.CallAsync<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse>(request, 0);
        Assert.NotEmpty(answer.Results);
        return string.Join(' ', answer.Results.Where(r => r.ErrorCode != 0).Select(r => $"{r.User}: {r.ErrorMessage}"));
    }
}
