namespace Microcosm.Redis;

/// <summary>
/// The best candidates that sampling has met, over all databases and commands: it makes of a few samples a command nearly what an exact
/// order would give (evict.c, evictionPoolPopulate). Keys may have changed or gone since; who takes one looks again.
/// </summary>
internal sealed class EvictionPool
{
    private const int Size = 16;

    // Ascending by score.
    private readonly List<(long Score, int Db, byte[] Key)> _best = new(Size);

    /// <summary>Keeps a candidate if it is better than the worst kept. The higher the score, the sooner it goes.</summary>
    public void Offer(long score, int db, ReadOnlySpan<byte> key)
    {
        if (_best.Count == Size)
        {
            if (score <= _best[0].Score)
                return;
            _best.RemoveAt(0);
        }
        var at = _best.Count;
        while (at > 0 && _best[at - 1].Score >= score)
            at--;
        _best.Insert(at, (score, db, key.ToArray()));
    }

    /// <summary>Takes the best candidate out.</summary>
    public bool TryTake(out (long Score, int Db, byte[] Key) candidate)
    {
        candidate = default;
        if (_best.Count == 0)
            return false;
        candidate = _best[^1];
        _best.RemoveAt(_best.Count - 1);
        return true;
    }

    public void Clear() => _best.Clear();
}
