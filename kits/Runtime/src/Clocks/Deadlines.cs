namespace Microcosm.Runtime;

/// <summary>
/// The deadlines of one executor, for many connections: a heap with one timer of the clock. Most deadlines are moved before they expire,
/// so a deadline that moves back, or is cleared, keeps its place; only when that place comes up is it looked at and put where it belongs.
/// On the executor only. Exact to a millisecond, never early.
/// </summary>
public sealed class Deadlines : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly long _ticksPerMs;
    private Deadline[] _heap = new Deadline[16];
    private long _armedMs = Deadline.Never;

    /// <summary>Deadlines by a clock whose timers fire on the executor, as a node's does.</summary>
    public Deadlines(TimeProvider clock)
    {
        _clock = clock;
        _ticksPerMs = Math.Max(1, clock.TimestampFrequency / 1000);
        _timer = clock.CreateTimer(static d => ((Deadlines)d!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock's monotonic time in milliseconds.</summary>
    public long NowMs => _clock.GetTimestamp() / _ticksPerMs;

    /// <summary>The clock.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>Deadlines in the heap, cleared ones included until their place comes up.</summary>
    public int Count { get; private set; }

    /// <summary>Sets or moves a deadline.</summary>
    /// <param name="afterMs">From now, at least 0.</param>
    public void Set(Deadline deadline, long afterMs)
    {
        var due = NowMs + Math.Max(0, afterMs);
        deadline.DueMs = due;
        if (deadline.Place < 0)
            Add(deadline, due);
        else if (due < deadline.QueuedMs)
            MoveUp(deadline, due);
        Arm();
    }

    /// <summary>The deadline runs no more; it may be set again.</summary>
    public void Clear(Deadline deadline) => deadline.DueMs = Deadline.Never;

    /// <summary>The deadline will not be used again: takes it out.</summary>
    public void Remove(Deadline deadline)
    {
        deadline.DueMs = Deadline.Never;
        if (deadline.Place >= 0)
            TakeOut(deadline.Place);
    }

    /// <summary>Ends the timer; nothing expires any more.</summary>
    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        _armedMs = Deadline.Never;
        var now = NowMs;
        while (Count > 0 && _heap[0].QueuedMs <= now)
        {
            var first = _heap[0];
            TakeOut(0);
            if (first.DueMs > now)
            {
                if (first.IsSet)
                    Add(first, first.DueMs);
                continue;
            }
            first.DueMs = Deadline.Never;
            first.Expired();
        }
        Arm();
    }

    private void Arm()
    {
        if (Count == 0 || _heap[0].QueuedMs >= _armedMs)
            return;
        _armedMs = _heap[0].QueuedMs;
        // Up: a timer that fires within the millisecond before would find nothing due.
        var wait = _armedMs * _ticksPerMs - _clock.GetTimestamp();
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, (wait + _ticksPerMs - 1) / _ticksPerMs)), Timeout.InfiniteTimeSpan);
    }

    private void Add(Deadline deadline, long queued)
    {
        if (Count == _heap.Length)
            Array.Resize(ref _heap, Count * 2);
        deadline.Place = Count;
        _heap[Count++] = deadline;
        MoveUp(deadline, queued);
    }

    private void TakeOut(int place)
    {
        var last = _heap[--Count];
        _heap[place].Place = -1;
        _heap[Count] = null!;
        if (place == Count)
            return;
        last.Place = place;
        _heap[place] = last;
        MoveUp(last, last.QueuedMs);
        MoveDown(last);
    }

    private void MoveUp(Deadline deadline, long queued)
    {
        deadline.QueuedMs = queued;
        var place = deadline.Place;
        while (place > 0 && _heap[(place - 1) / 2].QueuedMs > queued)
        {
            Put(_heap[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }
        Put(deadline, place);
    }

    private void MoveDown(Deadline deadline)
    {
        var place = deadline.Place;
        while (true)
        {
            var child = place * 2 + 1;
            if (child + 1 < Count && _heap[child + 1].QueuedMs < _heap[child].QueuedMs)
                child++;
            if (child >= Count || _heap[child].QueuedMs >= deadline.QueuedMs)
                break;
            Put(_heap[child], place);
            place = child;
        }
        Put(deadline, place);
    }

    private void Put(Deadline deadline, int place)
    {
        deadline.Place = place;
        _heap[place] = deadline;
    }
}
