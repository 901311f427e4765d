using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// Append messages under way to one follower. Invariants: last indexes ascend; the count never passes its limit, the bytes pass theirs by
/// at most one message.
/// </summary>
internal sealed class Inflights(int messagesMax, int bytesMax)
{
    private readonly Queue<(long LastIndex, int Bytes)> _messages = new();
    private long _last;

    public int Count => _messages.Count;

    public long Bytes { get; private set; }

    public bool IsFull => Count >= messagesMax || Bytes >= bytesMax;

    public void Add(long lastIndex, int bytes)
    {
        Invariant.Check(!IsFull && (Count == 0 || lastIndex > _last));
        _messages.Enqueue((lastIndex, bytes));
        _last = lastIndex;
        Bytes += bytes;
    }

    /// <summary>Everything up to <paramref name="index"/> arrived.</summary>
    public void FreeTo(long index)
    {
        while (_messages.TryPeek(out var first) && first.LastIndex <= index)
            Free();
    }

    /// <summary>Takes the oldest one for lost.</summary>
    public void FreeFirst()
    {
        if (Count > 0)
            Free();
    }

    public void Clear()
    {
        _messages.Clear();
        Bytes = 0;
    }

    private void Free() => Bytes -= _messages.Dequeue().Bytes;
}
