namespace Microcosm.Redis;

/// <summary>
/// The option <c>timeout</c>: closes clients that have neither sent nor been sent anything for longer, on the node's clock. So a peer that
/// vanished without a word is let go. Clients that wait by command (blocked, subscribed, MONITOR) are exempt, as in Redis.
/// </summary>
internal sealed class IdleClients(RedisServer server)
{
    private long _dueMs;
    private int _timeoutSeconds;

    /// <summary>Closes who is due by <paramref name="nowMs"/>; returns when to be called next, Unix milliseconds.</summary>
    public long CloseDue(long nowMs)
    {
        var timeout = server.Options.TimeoutSeconds;
        // All others are due later than the last look said: only a new option can make it sooner.
        if (timeout == _timeoutSeconds && nowMs < _dueMs)
            return _dueMs;
        _timeoutSeconds = timeout;
        _dueMs = long.MaxValue;
        if (timeout == 0)
            return _dueMs;
        // One millisecond longer than the option says is idle; whoever comes now is due then.
        var patienceMs = timeout * 1000L + 1;
        _dueMs = nowMs + patienceMs;
        foreach (var client in server.Clients.Values.ToArray())
        {
            if (client.Blocked is not null || client.HeldUntilMs > 0 || client.Subscriptions > 0 || client.IsMonitor)
                continue;
            var dueMs = client.LastInteractionMs + patienceMs;
            if (dueMs > nowMs)
                _dueMs = Math.Min(_dueMs, dueMs);
            else
                Close(client);
        }
        return _dueMs;
    }

    // A peer that is gone takes no more output: waiting for it would be for ever.
    private static void Close(RedisClient client)
    {
        if (client.Transport!.PendingBytes > 0)
            client.Transport.Abort();
        else
            client.Transport.Close();
    }
}
