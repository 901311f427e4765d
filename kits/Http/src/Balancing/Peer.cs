using System.Net;

namespace Microcosm.Http;

/// <summary>
/// A server of a group, with what balancing and passive health remember of it (nginx' upstream peers). Times are whole seconds of a clock
/// that
/// does not jump, as nginx counts. For one executor, or under its owner's lock.
/// </summary>
public sealed class Peer(string name, EndPoint address)
{
    /// <summary>As the configuration names it, with its port: what consistent hashing places on the ring.</summary>
    public string Name { get; } = name;

    /// <summary>Where it listens.</summary>
    public EndPoint Address { get; } = address;

    /// <summary>Share of requests, above 0.</summary>
    public int Weight
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
            EffectiveWeight = value;
        }
    } = 1;

    /// <summary>Failures after which it is not asked for a while (max_fails); 0 asks it always.</summary>
    public int FailsMax { get; init; } = 1;

    /// <summary>How long failures count, and how long it is not asked then (fail_timeout).</summary>
    public long FailTimeoutSeconds { get; init; } = 10;

    /// <summary>Requests at a time, at most (max_conns); 0 for no limit.</summary>
    public int ConnectionsMax { get; init; }

    /// <summary>It is not asked at all.</summary>
    public bool IsDown { get; set; }

    /// <summary>Requests under way.</summary>
    public int Connections { get; internal set; }

    /// <summary>Failures that count.</summary>
    public int Fails { get; private set; }

    /// <summary>Where it stands in its turn: the highest is asked next.</summary>
    public int CurrentWeight { get; internal set; }

    /// <summary>The weight that it takes turns by: less than its own for a while after failures.</summary>
    public int EffectiveWeight { get; internal set; } = 1;

    /// <summary>Requests that went to it.</summary>
    public long Requests { get; private set; }

    /// <summary>Those that failed.</summary>
    public long Failures { get; private set; }

    /// <summary>What its active checks say: the worst of them.</summary>
    public HealthState Health { get; private set; }

    private readonly List<(HealthChecker Checker, HealthState State)> _checks = [];
    private long _accessed;
    private long _checked;

    /// <summary>Who checks it.</summary>
    public IEnumerable<HealthChecker> Checkers => _checks.Select(c => c.Checker);

    /// <summary>True where it may be asked now.</summary>
    public bool IsAvailable(long now) => IsUsable && !IsFailed(now) && !IsFull;

    /// <summary>True while it is neither down nor unhealthy, whatever requests met there.</summary>
    public bool IsUsable => !IsDown && Health == HealthState.Healthy;

    /// <summary>Tells what a check says of it now, first of all as it begins.</summary>
    public void Tell(HealthChecker checker, HealthState state)
    {
        _checks.RemoveAll(c => c.Checker == checker);
        _checks.Add((checker, state));
        Health = _checks.Max(c => c.State);
    }

    /// <summary>True while its failures keep it from being asked.</summary>
    public bool IsFailed(long now) => FailsMax > 0 && Fails >= FailsMax && now - _checked <= FailTimeoutSeconds;

    internal bool IsFull => ConnectionsMax > 0 && Connections >= ConnectionsMax;

    /// <summary>A request goes to it.</summary>
    internal void Begin(long now)
    {
        Connections++;
        Requests++;
        // One request is let through, and what it meets counts for the next time.
        if (now - _checked > FailTimeoutSeconds)
            _checked = now;
    }

    /// <summary>It does what is asked of it: whoever else waits need not wait for the end.</summary>
    internal void Succeeded()
    {
        if (_accessed < _checked)
            Fails = 0;
    }

    /// <summary>A request to it is over. True where it is not asked any more because of it.</summary>
    internal bool End(bool hasFailed, bool isSingle, long now)
    {
        Connections--;
        Failures += hasFailed ? 1 : 0;
        if (isSingle)
        {
            Fails = 0;
            return false;
        }
        if (!hasFailed)
        {
            if (_accessed < _checked)
                Fails = 0;
            return false;
        }
        Fails++;
        _accessed = _checked = now;
        if (FailsMax == 0)
            return false;
        EffectiveWeight = Math.Max(0, EffectiveWeight - Weight / FailsMax);
        return Fails >= FailsMax;
    }
}
