namespace Microcosm.Runtime;

/// <summary>
/// Decides when a loop rests for a moment before it waits for events, as network cards moderate their interrupts. Under many busy
/// connections a loop that waits at once is woken for every one or two requests, and falling asleep and being woken costs more than
/// answering: a rest of <see cref="RestUs"/> lets more arrive for the price of one. It rests only while many connections are busy, so that
/// no client's next request depends on the reply it delays; while they are quick, so that a quiet loop answers at once; and while turns are
/// small, so that a loop with work never rests.
/// </summary>
internal struct WakeupCoalescing(long ticksPerSecond)
{
    /// <summary>How long a rest is, in microseconds.</summary>
    public const int RestUs = 30;

    private const int EventsPerWindow = 64;
    private const int BusyConnectionsMin = 16;
    private const int EventsPerSecondMin = 20_000;
    private const int FullTurnEvents = 8;

    private int _events;
    private int _connections;
    private long _windowBegan;
    private bool _isBusy;

    /// <summary>Number of the window: a connection that was last seen in another one is counted by <see cref="Seen"/>.</summary>
    public uint Window { get; private set; }

    /// <summary>A connection has its first event of this window.</summary>
    public void Seen() => _connections++;

    /// <summary>True if the loop is to rest after a turn of so many events. The clock is read once a window.</summary>
    public bool RestsAfter(int events, Func<long> readTicks)
    {
        _events += events;
        if (_events >= EventsPerWindow)
        {
            var now = readTicks();
            _isBusy = _connections >= BusyConnectionsMin && (now - _windowBegan) * EventsPerSecondMin <= _events * ticksPerSecond;
            (_events, _connections, _windowBegan) = (0, 0, now);
            Window++;
        }
        return _isBusy && events is > 0 and < FullTurnEvents;
    }
}
