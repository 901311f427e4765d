using System.Text;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>SCRAM users altered and described (KIP-554).</summary>
public sealed class ScramRequestTests
{
    private static readonly byte[] Salt = [1, 2, 3];

    private readonly MetadataWorld _world = new(brokers: 0);

    [Fact]
    public void A_salted_password_becomes_the_credential_of_the_password()
    {
        var salted = ScramMechanism.Sha512.SaltedPassword("secret", Salt, 4096);
        Assert.Equal(["ann None"], Alter(new() { Upsertions = [Set("ann", 2, 4096, salted)] }));
        var made = ScramMechanism.Sha512.Credential("ann", "secret", Salt);
        var kept = _world.State.ScramCredentials[("ann", 2)];
        Assert.Equal(made.StoredKey, kept.StoredKey);
        Assert.Equal(made.ServerKey, kept.ServerKey);
        Assert.Equal((made.Iterations, 64), (kept.Iterations, kept.StoredKey.Length));
    }

    [Fact]
    public void What_is_wrong_with_one_user_does_not_stop_the_others()
    {
        Alter(new() { Upsertions = [Set("old", 1), Set("both", 1)] });
        var answers = Alter(new()
        {
            Deletions =
            [
                new() { Name = "old", Mechanism = 1 }, new() { Name = "none", Mechanism = 1 }, new() { Name = "both", Mechanism = 1 },
                new() { Name = "", Mechanism = 1 },
            ],
            Upsertions = [Set("new", 2), Set("both", 2), Set("few", 1, 4095), Set("many", 1, 16385), Set("odd", 3)],
        });
        Assert.Equal(
            [
                " UnacceptableCredential Username must not be empty",
                "both DuplicateResource A user credential cannot be altered twice in the same request",
                "few UnacceptableCredential Too few iterations",
                "many UnacceptableCredential Too many iterations",
                "new None",
                "none ResourceNotFound Attempt to delete a user credential that does not exist",
                "odd UnsupportedSaslMechanism Unknown SCRAM mechanism",
                "old None",
            ],
            answers);
        Assert.Equal([("both", (byte)1), ("new", (byte)2)], _world.State.ScramCredentials.Keys);
    }

    [Fact]
    public void Users_are_described_without_their_secrets()
    {
        Alter(new() { Upsertions = [Set("bob", 1, 5000)] });
        Alter(new() { Upsertions = [Set("ann", 1)] });
        Alter(new() { Upsertions = [Set("ann", 2)] });
        Assert.Equal(["ann None 1:4096 2:4096", "bob None 1:5000"], Describe());
        Assert.Equal(
            [
                "ann None 1:4096 2:4096",
                "bob DuplicateResource Cannot describe SCRAM credentials for the same user twice in a single request: bob",
                "cy ResourceNotFound Attempt to describe a user credential that does not exist: cy",
            ],
            Describe("ann", "bob", "cy", "bob"));
    }

    private string[] Alter(AlterUserScramCredentialsRequest request)
    {
        var alterations = new ScramAlterations(request);
        var results = alterations.Command is { } command ? ((MetadataResults)_world.Apply(command)).Parts : [];
        return [.. alterations.Answer(results).Results
            .Select(r => $"{r.User} {(KafkaError)r.ErrorCode} {r.ErrorMessage}".TrimEnd()).Order(StringComparer.Ordinal)];
    }

    private string[] Describe(params string[] users)
    {
        var asked = users.Select(u => new DescribeUserScramCredentialsRequest.UserName { Name = u }).ToList();
        var answer = ScramDescriptions.Describe(_world.State, new() { Users = users.Length == 0 ? null : asked });
        return [.. answer.Results.Select(r =>
            $"{r.User} {(KafkaError)r.ErrorCode} {r.ErrorMessage}"
            + string.Join(' ', r.CredentialInfos.Select(c => $"{c.Mechanism}:{c.Iterations}")))];
    }

    private static AlterUserScramCredentialsRequest.ScramCredentialUpsertion Set(
        string user, sbyte mechanism, int iterations = 4096, byte[]? salted = null) =>
        new()
        {
            Name = user, Mechanism = mechanism, Iterations = iterations, Salt = Salt,
            SaltedPassword = salted ?? Encoding.UTF8.GetBytes(user),
        };
}
