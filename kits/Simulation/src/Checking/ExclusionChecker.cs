namespace Microcosm.Simulation;

/// <summary>
/// Judges that at no moment of world time two clients both believe that they hold the same lock or lease. A client believes so from
/// the answer that granted it until it gives it up, or until its own clock says that the lease ended.
/// </summary>
/// <param name="now">World time: not a node's clock, which may be wrong.</param>
public sealed class ExclusionChecker(Func<TimeSpan> now)
{
    private readonly Dictionary<string, List<Holding>> _holdings = new(StringComparer.Ordinal);

    /// <summary>The client learns that it holds <paramref name="key"/>.</summary>
    public void Hold(string key, int client)
    {
        if (!_holdings.TryGetValue(key, out var list))
            _holdings.Add(key, list = []);
        list.Add(new Holding(client, now()));
    }

    /// <summary>The client stops believing so. Nothing happens if it did not.</summary>
    public void GiveUp(string key, int client)
    {
        if (_holdings.TryGetValue(key, out var list) && list.FindLast(h => h.Client == client && h.Until == TimeSpan.MaxValue) is { } holding)
            holding.Until = now();
    }

    /// <summary>Throws <see cref="CheckFailedException"/> of the kind <c>exclusion</c> when two holdings overlap.</summary>
    public void ThrowUnlessExclusive()
    {
        foreach (var (key, list) in _holdings)
        {
            Holding? last = null;
            foreach (var holding in list)
            {
                if (last is not null && last.Client != holding.Client && holding.From < last.Until)
                    throw new CheckFailedException("exclusion", $"'{key}' had two holders:\n  {last}\n  {holding}");
                if (last is null || holding.Until > last.Until)
                    last = holding;
            }
        }
    }

    private sealed class Holding(int client, TimeSpan from)
    {
        public int Client { get; } = client;
        public TimeSpan From { get; } = from;
        public TimeSpan Until { get; set; } = TimeSpan.MaxValue;

        public override string ToString() =>
            $"client {Client}: {HistoryTime.Text(From)} … " + (Until == TimeSpan.MaxValue ? "the end" : HistoryTime.Text(Until));
    }
}
