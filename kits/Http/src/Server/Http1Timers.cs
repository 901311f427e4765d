namespace Microcosm.Http;

/// <summary>Of a server's connection: a head is to be whole in a time, however many bytes it comes in.</summary>
internal sealed class Http1Timers(Http1Connection connection)
    : ConnectionTimers(connection, connection.Worker.Deadlines, connection.Transport)
{
    private bool _isForHead;

    /// <summary>A head is to come whole in this time; called again while it comes.</summary>
    public void WaitForHead(long ms)
    {
        if (!_isForHead || !IsWaiting)
            WaitForInput(ms);
        _isForHead = true;
    }

    /// <summary>A request is to begin in this time.</summary>
    public void WaitForRequest(long ms)
    {
        _isForHead = false;
        WaitForInput(ms);
    }
}
