namespace Microcosm.Kafka;

/// <summary>Answers DescribeUserScramCredentials (KIP-554).</summary>
internal static class ScramDescriptions
{
    public static DescribeUserScramCredentialsResponse Describe(ClusterState state, DescribeUserScramCredentialsRequest request)
    {
        var known = state.ScramCredentials.Values.GroupBy(c => c.User, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        IEnumerable<(string User, bool IsTwice)> asked = request.Users is { Count: > 0 } users
            ? users.CountBy(u => u.Name, StringComparer.Ordinal).Select(c => (c.Key, c.Value > 1))
            : known.Keys.Order(StringComparer.Ordinal).Select(u => (u, false));
        return new() { Results = [.. asked.Select(a => Describe(a.User, a.IsTwice, known.GetValueOrDefault(a.User)))] };
    }

    private static DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult Describe(
        string user, bool isTwice, ScramCredential[]? credentials)
    {
        if (isTwice)
        {
            return Refused(
                KafkaError.DuplicateResource, "Cannot describe SCRAM credentials for the same user twice in a single request: ");
        }
        if (credentials is null)
            return Refused(KafkaError.ResourceNotFound, "Attempt to describe a user credential that does not exist: ");
        return new()
        {
            User = user,
            CredentialInfos = [.. credentials.Select(c => new DescribeUserScramCredentialsResponse.CredentialInfo
            {
                Mechanism = (sbyte)c.Mechanism, Iterations = c.Iterations,
            })],
        };

        DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult Refused(KafkaError error, string text) =>
            new() { User = user, ErrorCode = (short)error, ErrorMessage = text + ShownName.Of(user) };
    }
}
