namespace Microcosm.Simulation;

/// <summary>
/// Judges leases with fencing tokens by what clients do under them: nobody acts under a token after somebody learned of a later one
/// for the same key, and later grants have higher tokens. It asks what a client does, not what it believes while it stands still, so
/// that paused clients are no false alarm.
/// </summary>
/// <param name="now">World time: not a node's clock, which may be wrong.</param>
public sealed class LeaseChecker(Func<TimeSpan> now)
{
    private readonly Dictionary<string, (long Token, int Client, TimeSpan At)> _newest = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Key, long Token), int> _grants = [];

    /// <summary>Acts that were judged: zero after a run means that the run proves nothing.</summary>
    public int ActCount { get; private set; }

    /// <summary>
    /// A client learns that it was granted <paramref name="key"/> under <paramref name="token"/>. Throws
    /// <see cref="CheckFailedException"/> of kind <c>lease.token</c> when the token was granted before.
    /// Grants may be learned of in another order than given.
    /// </summary>
    public void Granted(string key, int client, long token)
    {
        if (!_grants.TryAdd((key, token), client))
            throw new CheckFailedException("lease.token",
                $"token {token} of '{key}' was granted to client {_grants[(key, token)]} and to client {client}");
        if (!_newest.TryGetValue(key, out var newest) || token > newest.Token)
            _newest[key] = (token, client, now());
    }

    /// <summary>
    /// A client, having looked at its clock, does what only the holder may. Throws <see cref="CheckFailedException"/> of kind
    /// <c>lease.exclusion</c> when a later token is known.
    /// </summary>
    public void Act(string key, int client, long token)
    {
        ActCount++;
        if (_newest.TryGetValue(key, out var newest) && token < newest.Token)
        {
            throw new CheckFailedException("lease.exclusion",
                $"client {client} acts on '{key}' under token {token} at {HistoryTime.Text(now())}, "
                + $"while client {newest.Client} has held token {newest.Token} since {HistoryTime.Text(newest.At)}");
        }
    }
}
