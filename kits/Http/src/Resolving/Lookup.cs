using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Somebody who waits for a name. It is told once, unless it is cancelled.</summary>
public abstract class Lookup : Deadline
{
    private readonly Deadlines _deadlines;
    private readonly Action<Resolution> _done;
    private bool _isOver;

    private protected Lookup(Deadlines deadlines, Action<Resolution> done) => (_deadlines, _done) = (deadlines, done);

    /// <summary>It is told of nothing any more.</summary>
    public void Cancel()
    {
        if (_isOver)
            return;
        _isOver = true;
        _deadlines.Remove(this);
        Left();
    }

    private protected void WaitAtMost(long ms) => _deadlines.Set(this, ms);

    private protected void Tell(Resolution resolution)
    {
        if (_isOver)
            return;
        Cancel();
        _done(resolution);
    }

    private protected abstract Resolution OutOfTime { get; }

    /// <summary>It does not wait any more.</summary>
    private protected abstract void Left();

    /// <inheritdoc/>
    protected sealed override void Expired() => Tell(OutOfTime);
}
