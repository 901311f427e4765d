using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>
/// Carries all executors of a simulation on one thread, one item a turn. Items of one executor run in the order posted; between
/// executors the seed decides now and then who goes first. Work from a foreign thread is an escape: something left the simulation.
/// </summary>
internal sealed class SimulatedCarrier(WorldClock clock, RandomStream random) : ICarrier
{
    private const double OvertakeProbability = 0.2;
    private const int OvertakeDepth = 16;
    private const int DoneMax = 4096;

    private readonly List<(NodeExecutor Owner, SendOrPostCallback Work, object? State)> _queue = [];
    private readonly TurnActions _turnEnd = new();
    private readonly Dictionary<string, ulong> _names = new(StringComparer.Ordinal);
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private int _first;

    /// <inheritdoc/>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Stack of the first work that came from a foreign thread.</summary>
    public string? Escape { get; private set; }

    /// <summary>Work items carried out.</summary>
    public long Steps { get; private set; }

    /// <summary>Who ran when, up to now.</summary>
    public ulong TraceHash { get; private set; } = 0xcbf29ce484222325UL;

    /// <summary>Names of those that have work to do, in order.</summary>
    public IEnumerable<string> Waiting => _queue.Skip(_first).Select(i => i.Owner.Name).Distinct().Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Post(NodeExecutor owner, SendOrPostCallback work, object? state)
    {
        if (!IsCurrent)
        {
            Escape ??= Environment.StackTrace;
            return;
        }
        _queue.Add((owner, work, state));
    }

    /// <inheritdoc/>
    public void AtTurnEnd(NodeExecutor owner, TurnPhase phase, Action action) => _turnEnd.Add(owner, phase, action);

    /// <summary>Carries out one item; false if there is none.</summary>
    public bool RunOne()
    {
        if (_first == _queue.Count)
        {
            _queue.Clear();
            _first = 0;
            return false;
        }
        var (owner, work, state) = Take();
        if (_first >= DoneMax && _first > _queue.Count / 2)
        {
            _queue.RemoveRange(0, _first);
            _first = 0;
        }
        Steps++;
        Mix(NameHash(owner.Name));
        owner.Execute(work, state);
        _turnEnd.Run();
        return true;
    }

    /// <summary>Adds an event to the trace.</summary>
    public void Mix(ulong value)
    {
        TraceHash = (TraceHash ^ value) * 0x100000001b3UL;
        TraceHash = (TraceHash ^ (ulong)clock.GetTimestamp()) * 0x100000001b3UL;
    }

    private (NodeExecutor Owner, SendOrPostCallback Work, object? State) Take()
    {
        var waiting = _queue.Count - _first;
        if (waiting > 1 && random.Chance(OvertakeProbability))
        {
            var owner = _queue[_first + random.Next(Math.Min(waiting, OvertakeDepth))].Owner;
            var index = _queue.FindIndex(_first, i => ReferenceEquals(i.Owner, owner));
            var item = _queue[index];
            _queue.RemoveAt(index);
            return item;
        }
        return _queue[_first++];
    }

    private ulong NameHash(string name)
    {
        if (_names.TryGetValue(name, out var hash))
            return hash;
        hash = 0xcbf29ce484222325UL;
        foreach (var c in name)
            hash = (hash ^ c) * 0x100000001b3UL;
        return _names[name] = hash;
    }
}
