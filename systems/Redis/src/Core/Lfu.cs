using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// The 24 bits of LFU: 16 of minutes since the last decrement, 8 of a logarithmic counter (antirez, "Random notes on improving the Redis
/// LRU algorithm", 2016; evict.c).
/// </summary>
internal sealed class Lfu(RedisServer server, RandomStream random)
{
    private const uint InitialCounter = 5;

    /// <summary>What a new key starts with.</summary>
    public uint Fresh => WithCounter(InitialCounter);

    /// <summary>A counter as of now.</summary>
    public uint WithCounter(uint counter) => (Minutes << 8) | counter;

    private uint Minutes => (uint)(server.NowMs / 60000) & 0xffff;

    /// <summary>The counter as it stands now, less what time took from it.</summary>
    public uint DecayedCounter(uint lru)
    {
        var counter = lru & 0xff;
        var elapsed = (Minutes - (lru >> 8)) & 0xffff;
        var decrements = server.Options.LfuDecayTime > 0 ? elapsed / (uint)server.Options.LfuDecayTime : 0;
        return decrements > counter ? 0 : counter - decrements;
    }

    /// <summary>The bits after one more use: the higher the counter, the less likely it grows.</summary>
    public uint Touched(uint lru)
    {
        var counter = DecayedCounter(lru);
        if (counter < 255)
        {
            var above = counter > InitialCounter ? counter - InitialCounter : 0;
            if (random.NextDouble() < 1.0 / (above * (double)server.Options.LfuLogFactor + 1))
                counter++;
        }
        return WithCounter(counter);
    }
}
