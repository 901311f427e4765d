namespace Microcosm.Runtime;

/// <summary>
/// Decides when a loop rests for a moment before it waits for events, as network cards moderate their interrupts. Under many busy
/// connections a loop that waits at once is woken for every one or two requests, and falling asleep and being woken costs more than
/// answering: a rest lets more arrive for the price of one. It rests only while many connections are busy, and the longer the more there
/// are, so that clients have others to write to while the reply to one waits; while they are quick, so that a quiet loop answers at once;
/// and while turns are small, so that a loop with work never rests.
/// </summary>
internal struct WakeupCoalescing(long ticksPerSecond)
{
    /// <summary>The longest rest, in microseconds.</summary>
    public const int RestUsMax = 120;

    private const double RestUsPerConnection = 2.5;
    private const int EventsPerWindow = 64;
    private const int BusyConnectionsMin = 16;
    private const int EventsPerSecondMin = 20_000;
    private const int FullTurnEvents = 16;

    private int _events;
    private int _connections;
    private long _windowBegan;
    private int _restUs;

    /// <summary>Number of the window: a connection that was last seen in another one is counted by <see cref="Seen"/>.</summary>
    public uint Window { get; private set; }

    /// <summary>A connection has its first event of this window.</summary>
    public void Seen() => _connections++;

    /// <summary>Microseconds that the loop is to rest after a turn of so many events; 0 is none. The clock is read once a window.</summary>
    public int RestAfter(int events, Func<long> readTicks)
    {
        _events += events;
        if (_events >= EventsPerWindow)
        {
            var now = readTicks();
            var isBusy = _connections >= BusyConnectionsMin && (now - _windowBegan) * EventsPerSecondMin <= _events * ticksPerSecond;
            _restUs = isBusy ? (int)Math.Min(_connections * RestUsPerConnection, RestUsMax) : 0;
            (_events, _connections, _windowBegan) = (0, 0, now);
            Window++;
        }
        return events is > 0 and < FullTurnEvents ? _restUs : 0;
    }
}
