using System.Runtime.InteropServices;

namespace Microcosm.Redis;

/// <summary>
/// The keys that expire, soonest first: a binary heap. Entries are not removed when a key changes; they are recognised as stale when they
/// come up (the table no longer holds that object with that expiry) and swept when they outnumber the live ones.
/// </summary>
internal sealed class ExpiryQueue
{
    private readonly List<(object Stored, long AtMs)> _heap = [];

    /// <summary>Keys that have an expiry now.</summary>
    public int Live { get; private set; }

    /// <summary>Entries held, stale ones included.</summary>
    public int Held => _heap.Count;

    /// <summary>An entry by its place in the heap, 0 the soonest; stale or not.</summary>
    public (object Stored, long AtMs) this[int at] => _heap[at];

    public void Add(object stored, long atMs)
    {
        Live++;
        _heap.Add((stored, atMs));
        Rise(_heap.Count - 1);
    }

    /// <summary>A key that had an expiry lost it, or is gone.</summary>
    public void Drop() => Live--;

    public void Clear()
    {
        Live = 0;
        _heap.Clear();
    }

    /// <summary>The soonest entry, stale or not.</summary>
    public bool TryPeek(out object stored, out long atMs)
    {
        (stored, atMs) = _heap.Count > 0 ? _heap[0] : (null!, 0);
        return _heap.Count > 0;
    }

    public void Pop() => RemoveAt(0);

    /// <summary>Removes a stale entry by its place.</summary>
    public void RemoveAt(int at)
    {
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (at == _heap.Count)
            return;
        _heap[at] = last;
        Rise(at);
        Sink(at);
    }

    /// <summary>Rebuilds from what <paramref name="isLive"/> keeps, when most entries are stale.</summary>
    public void SweepIfStale(Func<object, long, bool> isLive)
    {
        if (_heap.Count < 64 || _heap.Count < Live * 2)
            return;
        _heap.RemoveAll(item => !isLive(item.Stored, item.AtMs));
        for (var at = _heap.Count / 2 - 1; at >= 0; at--)
            Sink(at);
    }

    private void Rise(int at)
    {
        var heap = CollectionsMarshal.AsSpan(_heap);
        for (var parent = (at - 1) / 2; at > 0 && heap[at].AtMs < heap[parent].AtMs; at = parent, parent = (at - 1) / 2)
            (heap[at], heap[parent]) = (heap[parent], heap[at]);
    }

    private void Sink(int at)
    {
        var heap = CollectionsMarshal.AsSpan(_heap);
        while (at * 2 + 1 is var child && child < heap.Length)
        {
            if (child + 1 < heap.Length && heap[child + 1].AtMs < heap[child].AtMs)
                child++;
            if (heap[at].AtMs <= heap[child].AtMs)
                return;
            (heap[at], heap[child]) = (heap[child], heap[at]);
            at = child;
        }
    }
}
