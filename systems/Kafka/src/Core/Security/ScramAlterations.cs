namespace Microcosm.Kafka;

/// <summary>
/// What AlterUserScramCredentials asks for (KIP-554): the command that does it, and the answers. A user may be named once; what is wrong
/// with one user's part does not stop the others.
/// </summary>
internal sealed class ScramAlterations
{
    private readonly string[] _users;
    private readonly List<(string User, byte Mechanism)> _deleted = [];
    private readonly List<ScramCredential> _set = [];
    private readonly Dictionary<string, MetadataResult> _refused = new(StringComparer.Ordinal);

    public ScramAlterations(AlterUserScramCredentialsRequest request)
    {
        string[] named = [.. request.Deletions.Select(d => d.Name), .. request.Upsertions.Select(u => u.Name)];
        _users = [.. named.Distinct()];
        foreach (var (name, _) in named.CountBy(name => name, StringComparer.Ordinal).Where(c => c.Value > 1))
            _refused[name] = new(KafkaError.DuplicateResource, "A user credential cannot be altered twice in the same request");
        foreach (var deletion in request.Deletions)
        {
            if (IsAllowed(deletion.Name, deletion.Mechanism) is { } mechanism)
                _deleted.Add((deletion.Name, mechanism.Code));
        }
        foreach (var upsertion in request.Upsertions)
        {
            if (IsAllowed(upsertion.Name, upsertion.Mechanism) is { } mechanism)
            {
                _set.Add(mechanism.Credential(
                    upsertion.Name, upsertion.SaltedPassword.Span, upsertion.Salt.ToArray(), upsertion.Iterations));
            }
        }
    }

    /// <summary>Null if nothing is left to do.</summary>
    public AlterScramCredentials? Command => _deleted.Count + _set.Count > 0 ? new(_deleted, _set) : null;

    /// <param name="results">The command's; empty if there was none.</param>
    public AlterUserScramCredentialsResponse Answer(IReadOnlyList<MetadataResult> results)
    {
        var users = _deleted.Select(d => d.User).Concat(_set.Select(c => c.User));
        return new()
        {
            Results = [.. users.Zip(results, Of), .. _refused.Select(r => Of(r.Key, r.Value))],
        };
    }

    /// <summary>Nothing is done for anybody.</summary>
    public AlterUserScramCredentialsResponse Refuse(MetadataResult why) => new() { Results = [.. _users.Select(u => Of(u, why))] };

    private static AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult Of(string user, MetadataResult result) =>
        new() { User = user, ErrorCode = (short)result.Error, ErrorMessage = result.Message ?? KafkaErrors.Message(result.Error) };

    // Iterations, and whether there is what is to be deleted, the command itself checks.
    private ScramMechanism? IsAllowed(string user, sbyte mechanism)
    {
        if (_refused.ContainsKey(user))
            return null;
        if (user.Length == 0)
            _refused[user] = new(KafkaError.UnacceptableCredential, "Username must not be empty");
        else if (ScramMechanism.Find(mechanism) is { } known)
            return known;
        else
            _refused[user] = new(KafkaError.UnsupportedSaslMechanism, "Unknown SCRAM mechanism");
        return null;
    }
}
