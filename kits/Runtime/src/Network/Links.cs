namespace Microcosm.Runtime;

/// <summary>
/// The state of all links, by directed pair of names; <c>*</c> stands for every name. The most exact entry counts: (a, b), then (a, *),
/// then (*, b), then (*, *). Who comes over a real socket has the name <see cref="SocketClient"/>. Thread-safe; a change acts on open
/// connections at once.
/// </summary>
public sealed class Links
{
    /// <summary>The name of clients that come over real sockets: <c>client</c>.</summary>
    public const string SocketClient = "client";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string From, string To), LinkState> _states = new();
    private volatile bool _isAnyDisturbed;

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

    /// <summary>True while any link is disturbed.</summary>
    internal bool IsAnyDisturbed => _isAnyDisturbed;

    /// <summary>Tells those who wait that a link changed.</summary>
    internal ChangeSignal Changes { get; } = new();

    private void SetBoth(string a, string b, LinkState state) => Change(() =>
    {
        _states[(a, b)] = state;
        _states[(b, a)] = state;
    });

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _isAnyDisturbed = _states.Count > 0;
        }
        Changes.Raise();
    }
}
