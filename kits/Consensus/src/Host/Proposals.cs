namespace Microcosm.Consensus;

/// <summary>
/// Commands of this member that somebody waits for, by their number. A command whose place in the log is known ends when that place is
/// applied: with its result, or because another stands there, and then it is gone for good (paper 5.3). One that was sent to a leader which
/// does not say where it is, ends when a later leader's entry is applied, or after a while, and nobody knows how. Who waits is told by
/// <see cref="Tell"/>.
/// </summary>
internal sealed class Proposals(int countMax, long patienceUs)
{
    private readonly Dictionary<long, TaskCompletionSource<object?>> _waiting = [];
    private readonly SortedSet<(long Index, long Sequence)> _places = [];
    private readonly Queue<(long DueUs, long Term, long Sequence)> _forwarded = new();
    private readonly HashSet<long> _placeless = [];
    private List<(TaskCompletionSource<object?> Done, object? Result, ConsensusException? Failure)> _outcomes = [];
    private List<(TaskCompletionSource<object?> Done, object? Result, ConsensusException? Failure)> _telling = [];
    private long _restoredTo;

    public bool IsFull => _waiting.Count >= countMax;

    /// <summary>When the next one may have waited long enough, in µs.</summary>
    public long NextDueUs => _forwarded.TryPeek(out var first) ? first.DueUs : long.MaxValue;

    /// <summary>One that this leader put into its log.</summary>
    public Task<object?> Add(long sequence, long index)
    {
        var done = new TaskCompletionSource<object?>();
        _waiting.Add(sequence, done);
        _places.Add((index, sequence));
        return done.Task;
    }

    /// <summary>One that was sent to the leader of <paramref name="term"/>.</summary>
    public Task<object?> AddForwarded(long sequence, long term, long nowUs)
    {
        var done = new TaskCompletionSource<object?>();
        _waiting.Add(sequence, done);
        _placeless.Add(sequence);
        _forwarded.Enqueue((nowUs + patienceUs, term, sequence));
        return done.Task;
    }

    /// <summary>The leader said where it put one.</summary>
    public void Taken(long sequence, long index, long applied)
    {
        if (!_placeless.Remove(sequence))
            return;
        if (index > applied)
            _places.Add((index, sequence));
        else
            Fail(sequence, index <= _restoredTo ? Unknown() : Overwritten());
    }

    public void Fail(long sequence, ConsensusException failure)
    {
        _placeless.Remove(sequence);
        if (_waiting.Remove(sequence, out var done))
            _outcomes.Add((done, null, failure));
    }

    /// <summary>The entry at <paramref name="index"/> was applied; <paramref name="sequence"/> is its number if it came from
    /// here.</summary>
    public void Applied(long index, long sequence, object? result)
    {
        if (sequence != 0 && _waiting.Remove(sequence, out var done))
        {
            _placeless.Remove(sequence);
            _outcomes.Add((done, result, null));
        }
        // One that this member proposed before, at the same place, may still be there too: which of them it was is known only now.
        while (_places.Count > 0 && _places.Min is var first && first.Index <= index)
        {
            _places.Remove(first);
            Fail(first.Sequence, Overwritten());
        }
    }

    /// <summary>A snapshot took the place of entries up to <paramref name="index"/>: what they were is not known here.</summary>
    public void Restored(long index)
    {
        _restoredTo = index;
        while (_places.Count > 0 && _places.Min is var first && first.Index <= index)
        {
            _places.Remove(first);
            Fail(first.Sequence, Unknown());
        }
    }

    /// <summary>An entry of <paramref name="term"/> was applied: what an earlier leader had in its log for good stands before it.</summary>
    public void Succeeded(long term) => Expire(long.MinValue, term);

    public void Expire(long nowUs, long term = 0)
    {
        while (_forwarded.TryPeek(out var first)
            && (first.DueUs <= nowUs || first.Term < term || !_placeless.Contains(first.Sequence)))
        {
            _forwarded.Dequeue();
            if (_placeless.Contains(first.Sequence))
                Fail(first.Sequence, Unknown());
        }
    }

    public void Stop()
    {
        foreach (var sequence in _waiting.Keys.Order().ToArray())
            Fail(sequence, new ConsensusException(ConsensusFailure.Stopped, "the host was stopped", isOutcomeUnknown: true));
        Tell();
    }

    /// <summary>Tells those who wait, after all work: what they do next may come back here.</summary>
    public void Tell()
    {
        while (_outcomes.Count > 0)
        {
            (_telling, _outcomes) = (_outcomes, _telling);
            foreach (var (done, result, failure) in _telling)
            {
                if (failure is null)
                    done.SetResult(result);
                else
                    done.SetException(failure);
            }
            _telling.Clear();
        }
    }

    private static ConsensusException Overwritten() =>
        new(ConsensusFailure.Dropped, "another leader put another command in its place: it was not carried out");

    private static ConsensusException Unknown() =>
        new(ConsensusFailure.Dropped, "leadership changed: whether it was carried out is not known", isOutcomeUnknown: true);
}
