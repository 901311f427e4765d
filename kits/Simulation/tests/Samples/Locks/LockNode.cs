using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Store;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples.Locks;

/// <summary>
/// A lock service with leases: <c>ACQUIRE k</c> answers a fencing token or HELD, <c>RELEASE k token</c> gives the lock back. A client
/// holds for <see cref="LeaseMs"/> by its own clock from its call; the server waits longer by <see cref="ClockMarginMs"/>, so that clocks
/// whose rates differ by no more than that agree (Gray and Cheriton, SOSP 1989). Tokens are on the disk before they are given out;
/// leases are not, so a server that starts waits one out first.
/// </summary>
internal sealed class LockNode(NodeContext context) : LineNode(context)
{
    /// <summary>How long a client may rely on a grant.</summary>
    public const int LeaseMs = 200;

    /// <summary>What the server waits on top, for clocks of different rates.</summary>
    public const int ClockMarginMs = 60;

    private readonly Dictionary<string, (long Token, long GrantedAt)> _held = new(StringComparer.Ordinal);
    private WriteAheadLog _tokens = null!;
    private long _lastToken;
    private long _startedAt;

    /// <inheritdoc/>
    protected override async ValueTask RecoverAsync()
    {
        _tokens = new WriteAheadLog(Context.Executor, Context.Disk.Open("tokens", DiskOpen.OrCreate));
        _tokens.Recover(record => _lastToken = long.Parse(record, CultureInfo.InvariantCulture));
        await Context.Disk.SyncNamesAsync();
        _startedAt = Context.Clock.GetTimestamp();
    }

    /// <inheritdoc/>
    protected override async ValueTask<string?> HandleAsync(string[] words)
    {
        switch (words)
        {
            case ["ACQUIRE", var key]:
                return await AcquireAsync(key);
            case ["RELEASE", var key, var token]:
                var isHolder = _held.TryGetValue(key, out var held)
                    && (held.Token == long.Parse(token, CultureInfo.InvariantCulture) || Bug.IsPlanted("locks/release-of-anothers-lease"));
                if (isHolder)
                    _held.Remove(key);
                return isHolder ? "RELEASED" : "NOTHELD";
            default:
                return "ERR unknown request";
        }
    }

    private async ValueTask<string?> AcquireAsync(string key)
    {
        var older = IsRunning(_startedAt) && !Bug.IsPlanted("locks/leases-forgotten-at-restart");
        if (older || _held.TryGetValue(key, out var held) && IsRunning(held.GrantedAt))
            return "HELD";
        var token = ++_lastToken;
        _held[key] = (token, Context.Clock.GetTimestamp());
        await _tokens.Append(token.ToString(CultureInfo.InvariantCulture));
        // The lease runs from the grant, which the client's call is before; the disk may have taken its time.
        if (_held.TryGetValue(key, out held) && held.Token == token)
            _held[key] = (token, Context.Clock.GetTimestamp());
        return $"TOKEN {token}";
    }

    private bool IsRunning(long since)
    {
        var marginMs = Bug.IsPlanted("locks/lease-without-clock-bound") ? 0 : ClockMarginMs;
        return Context.Clock.GetElapsedTime(since).TotalMilliseconds < LeaseMs + marginMs;
    }
}
