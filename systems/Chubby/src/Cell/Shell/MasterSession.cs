using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>
/// What a master keeps of a session beside the replicated state; a new master begins anew. Invariant: what waits to be told is in order of
/// its numbers, all of them after what the client has acknowledged.
/// </summary>
internal sealed class MasterSession(long id, bool isFlushed)
{
    private readonly Queue<(long Number, TaskCompletionSource Taken)> _waiting = new();
    private readonly Queue<MasterNotice> _notices = new();
    private long _last;
    private long _told;
    private bool _isBehind;

    public long Id { get; } = id;

    /// <summary>Its client has said, in this master's epoch, that its cache holds nothing of earlier ones.</summary>
    public bool IsFlushed { get; set; } = isFlushed;

    /// <summary>The KeepAlive that is held back.</summary>
    public ChubbyCall? KeepAlive { get; set; }

    /// <summary>What <see cref="KeepAlive"/> is answered by: the outcome of its handler.</summary>
    public TaskCompletionSource<bool>? Answer { get; set; }

    public IReadOnlyCollection<MasterNotice> Notices => _notices;

    /// <summary>There is something that no KeepAlive was answered with yet.</summary>
    public bool HasNews => _last > _told;

    /// <summary>
    /// Who does not listen loses events, and is told so once, as after a fail-over; never an invalidation: it would read what is old.
    /// </summary>
    public void Tell(MasterNotice notice)
    {
        if (notice.Kind != ChubbyEvents.None && _isBehind)
            return;
        if (notice.Kind != ChubbyEvents.None && _notices.Count >= CellLimits.EventsMax)
        {
            _isBehind = true;
            notice = new MasterNotice(0, 0, ChubbyEvents.MasterFailedOver, "");
        }
        _notices.Enqueue(notice with { Number = ++_last });
    }

    public void Told() => _told = _last;

    /// <summary>Completes when the client has taken in everything up to now, or is gone.</summary>
    public Task TakenAsync()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((_last, taken));
        return taken.Task;
    }

    public void Acknowledge(long number)
    {
        while (_notices.TryPeek(out var first) && first.Number <= number)
            _notices.Dequeue();
        _isBehind &= _notices.Count > 0;
        while (_waiting.TryPeek(out var first) && first.Number <= number)
            _waiting.Dequeue().Taken.SetResult();
    }
}
