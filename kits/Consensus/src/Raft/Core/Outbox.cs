namespace Microcosm.Consensus;

/// <summary>
/// Messages on their way out. One that promises something (a vote, entries kept) waits until the writes that it speaks of are durable; a
/// leader's appends do not wait, so that followers write while the leader does (thesis 10.2.1). Invariant: no message is let go before all
/// writes that were begun, or due, when it was made.
/// </summary>
internal sealed class Outbox
{
    private List<RaftMessage>? _ready;
    private List<RaftMessage>? _new;
    private Queue<(long Write, RaftMessage Message)>? _held;

    public bool HasReady => _ready is { Count: > 0 };

    /// <summary>True if messages wait for a decision which write they wait for.</summary>
    public bool HasNewHeld => _new is { Count: > 0 };

    public bool HasHeld => _held is { Count: > 0 };

    /// <summary>Leaves with the next ready.</summary>
    public void Send(RaftMessage message) => (_ready ??= []).Add(message);

    /// <summary>Leaves when what is now in memory is on the disk.</summary>
    public void SendWhenDurable(RaftMessage message) => (_new ??= []).Add(message);

    /// <summary>The messages made since the last ready wait for <paramref name="write"/>.</summary>
    public void HoldFor(long write)
    {
        foreach (var message in _new ?? [])
            (_held ??= new()).Enqueue((write, message));
        _new = null;
    }

    /// <summary>Nothing is to be written and nothing under way: what was made since the last ready waits for nothing.</summary>
    public List<RaftMessage> TakeUnheld()
    {
        var messages = _new ?? [];
        _new = null;
        return messages;
    }

    /// <summary>The next message that waited for a write up to <paramref name="write"/>.</summary>
    public RaftMessage? TakeHeld(long write)
    {
        if (_held is null || !_held.TryPeek(out var first) || first.Write > write)
            return null;
        _held.Dequeue();
        if (_held.Count == 0)
            _held = null;
        return first.Message;
    }

    public IReadOnlyList<RaftMessage> Take()
    {
        var messages = _ready;
        _ready = null;
        return messages ?? (IReadOnlyList<RaftMessage>)[];
    }
}
