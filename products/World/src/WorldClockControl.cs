using Microcosm.Runtime;

namespace Microcosm;

/// <summary>The world's time, for tests and for <c>cosm clock</c>.</summary>
public sealed class WorldClockControl
{
    private readonly WorldClock _clock;

    internal WorldClockControl(WorldClock clock) => _clock = clock;

    /// <summary>Now, in the world.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>The same for clients in this process that live in the world's time; its timers run on the thread pool.</summary>
    public TimeProvider Time => _clock;

    /// <summary>World seconds per real second; 0 while it stands.</summary>
    public double Scale
    {
        get => _clock.Rate;
        set => _clock.Rate = value;
    }

    /// <summary>Moves time forward: leases, TTLs and retention expire everywhere.</summary>
    public void Advance(TimeSpan by) => _clock.Advance(by);

    /// <summary>Lets time stand still.</summary>
    public void Pause() => _clock.Rate = 0;

    /// <summary>Lets time run as real time does.</summary>
    public void Resume() => _clock.Rate = 1;
}
