using System.Runtime.CompilerServices;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// The expiries of the keys of one table. The queue may hold stale entries; nobody outside sees one: an entry counts while the table holds
/// that very object with that expiry.
/// </summary>
internal sealed class KeyExpiries(KeyTable table)
{
    private readonly ExpiryQueue _queue = new();

    /// <summary>Keys that have an expiry now.</summary>
    public int Live => _queue.Live;

    public void Add(object stored, long atMs) => _queue.Add(stored, atMs);

    /// <summary>A key that had an expiry lost it, or is gone.</summary>
    public void Drop() => _queue.Drop();

    public void Clear() => _queue.Clear();

    /// <summary>Throws stale entries out when they are the most.</summary>
    public void SweepIfStale() => _queue.SweepIfStale(IsLive);

    /// <summary>The key that expires soonest, be its time up or not; missing when none expires.</summary>
    public Entry Next()
    {
        while (_queue.TryPeek(out var stored, out var atMs))
        {
            if (IsLive(stored, atMs))
                return new Entry(stored);
            _queue.Pop();
        }
        return default;
    }

    /// <summary>A random key of those with an expiry; missing when there is none.</summary>
    public Entry Sample(RandomStream random)
    {
        while (_queue.Held > 0)
        {
            var at = random.Next(_queue.Held);
            var (stored, atMs) = _queue[at];
            if (IsLive(stored, atMs))
                return new Entry(stored);
            _queue.RemoveAt(at);
        }
        return default;
    }

    private bool IsLive(object stored, long atMs)
    {
        var entry = new Entry(stored);
        if (entry.ExpireAtMs != atMs)
            return false;
        ref var slot = ref table.Find(entry.Key, table.Hash(entry.Key));
        return !Unsafe.IsNullRef(ref slot) && ReferenceEquals(slot, stored);
    }
}
