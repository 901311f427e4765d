namespace Microcosm.Simulation;

/// <summary>
/// Judges that what a client reads never goes back: the session guarantee "monotonic reads" (Terry et al., PDIS 1994). For systems
/// that promise less than linearizability, and for offsets, epochs and terms.
/// </summary>
/// <param name="now">World time, for explanations.</param>
public sealed class MonotonicChecker(Func<TimeSpan> now)
{
    private readonly Dictionary<(int Client, string Key), (long Version, TimeSpan At)> _last = [];

    /// <summary>
    /// A client saw <paramref name="version"/> of <paramref name="key"/>. Throws <see cref="CheckFailedException"/> of the kind
    /// <c>monotonic</c> when it had seen a higher one.
    /// </summary>
    public void Observe(int client, string key, long version)
    {
        if (_last.TryGetValue((client, key), out var last) && version < last.Version)
        {
            throw new CheckFailedException("monotonic",
                $"client {client} saw '{key}' at version {last.Version} at {HistoryTime.Text(last.At)}, then at {version} at "
                    + $"{HistoryTime.Text(now())}");
        }
        _last[(client, key)] = (version, now());
    }
}
