namespace Microcosm.Runtime;

/// <summary>
/// The state of all links, by directed pair of names; <c>*</c> stands for every name. The most exact entry counts: (a, b), then (a, *),
/// then
/// (*, b), then (*, *). Thread-safe; a change acts on open connections at once.
/// </summary>
public sealed class Links
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string From, string To), LinkState> _states = new();
    // Not RunContinuationsAsynchronously: WaitAsync over such a task leaves for the thread pool, out of a simulation.
    private TaskCompletionSource _changed = new();

    /// <summary>All links that are disturbed.</summary>
    public IReadOnlyList<(string From, string To, LinkState State)> Disturbed
    {
        get
        {
            lock (_gate)
                return [.. _states.Select(s => (s.Key.From, s.Key.To, s.Value))];
        }
    }

    /// <summary>The state of the direction from one node to another.</summary>
    public LinkState Of(string from, string to)
    {
        lock (_gate)
        {
            return _states.GetValueOrDefault((from, to)) ?? _states.GetValueOrDefault((from, "*"))
                ?? _states.GetValueOrDefault(("*", to)) ?? _states.GetValueOrDefault(("*", "*")) ?? LinkState.Up;
        }
    }

    /// <summary>Sets one direction.</summary>
    public void Set(string from, string to, LinkState state) => Change(() => _states[(from, to)] = state);

    /// <summary>Cuts both directions.</summary>
    public void Cut(string a, string b) => SetBoth(a, b, new LinkState(IsCut: true));

    /// <summary>Slows both directions.</summary>
    public void Slow(string a, string b, double latencyMs, double jitterMs = 0, long bytesPerSecond = 0) =>
        SetBoth(a, b, new LinkState(false, latencyMs, jitterMs, bytesPerSecond));

    /// <summary>Undisturbs both directions.</summary>
    public void Heal(string a, string b) => Change(() =>
    {
        _states.Remove((a, b));
        _states.Remove((b, a));
    });

    /// <summary>Undisturbs all links.</summary>
    public void HealAll() => Change(_states.Clear);

    /// <summary>Completes at the next change.</summary>
    internal Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    private void SetBoth(string a, string b, LinkState state) => Change(() =>
    {
        _states[(a, b)] = state;
        _states[(b, a)] = state;
    });

    private void Change(Action change)
    {
        TaskCompletionSource before;
        lock (_gate)
        {
            change();
            before = _changed;
            _changed = new TaskCompletionSource();
        }
        before.SetResult();
    }
}
