using System.Diagnostics;

namespace Microcosm.SideBySide.Chubby;

/// <summary>
/// A client with a session, as an application has it: writes without a pause, asks again when it is refused or not answered for a while,
/// and when its connection ends goes on with the same session at the next member.
/// </summary>
internal sealed class Writer(Cluster cluster, int number) : IDisposable
{
    private const int AskAgainMs = 100;
    private const int RetryMs = 10;
    private const int ReadyWithinMs = 1_000;
    private const int KeepAliveMs = 5_000;

    private readonly Dictionary<int, long> _askedAt = [];
    private WireClient _client = cluster.ConnectReady(number % Cluster.Members);
    private bool _isConnected = true;
    private long _dueAt;
    private long _connectedAt;
    private long _keptAliveAt;

    /// <summary>Where it was last connected to.</summary>
    public int Member { get; private set; } = number % Cluster.Members;

    /// <summary>As the servers know it.</summary>
    public long Session => _client.Session;

    /// <summary>When the first of the requests was answered that were asked since <see cref="Watch"/>; 0 for not yet.</summary>
    public long AnsweredAt { get; private set; }

    /// <summary>Requests asked before this time are of no interest.</summary>
    public long WatchedSince { get; private set; }

    /// <summary>Makes the session's own key, and begins.</summary>
    public void Begin(Poller poller)
    {
        _client.Own(number);
        poller.Add(_client.Fd, number);
    }

    public void Watch(long since) => (WatchedSince, AnsweredAt) = (since, 0);

    /// <summary>Goes back to where it began.</summary>
    public void GoHome()
    {
        if (Member == number % Cluster.Members)
            return;
        Member = number % Cluster.Members - 1;
        Leave();
    }

    /// <summary>Something has come.</summary>
    public void Receive()
    {
        try
        {
            foreach (var (id, isOk) in _client.Receive())
            {
                if (!_askedAt.Remove(id, out var askedAt))
                    continue;
                if (isOk && AnsweredAt == 0 && askedAt > WatchedSince)
                    AnsweredAt = Stopwatch.GetTimestamp();
                _dueAt = isOk ? 0 : In(RetryMs);
            }
        }
        catch (IOException e) when (e is not SessionLostException)
        {
            Leave();
        }
    }

    /// <summary>Does what is due.</summary>
    public void Work(Poller poller)
    {
        var now = Stopwatch.GetTimestamp();
        if (now < _dueAt)
            return;
        try
        {
            if (!_isConnected)
                Connect(poller);
            else if (_client.IsReady)
                Ask(now);
            else if (now - _connectedAt > In(ReadyWithinMs) - now)
                Leave();
        }
        catch (IOException e) when (e is not SessionLostException)
        {
            Leave();
        }
    }

    public void Dispose() => _client.Dispose();

    private static long In(int ms) => Stopwatch.GetTimestamp() + ms * (Stopwatch.Frequency / 1000);

    private void Ask(long now)
    {
        if (now - _keptAliveAt > In(KeepAliveMs) - now)
        {
            _keptAliveAt = now;
            _client.KeepAlive();
        }
        _askedAt.Add(_client.Write(number), now);
        _dueAt = In(AskAgainMs);
    }

    private void Connect(Poller poller)
    {
        Member = (Member + 1) % Cluster.Members;
        _dueAt = In(RetryMs);
        _client = cluster.Connect(Member, _client);
        poller.Add(_client.Fd, number);
        (_isConnected, _connectedAt, _dueAt) = (true, Stopwatch.GetTimestamp(), 0);
    }

    private void Leave()
    {
        _client.Dispose();
        _isConnected = false;
        _askedAt.Clear();
        _dueAt = In(RetryMs);
    }
}
