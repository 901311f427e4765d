using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>Adds Redis to a world.</summary>
public static class RedisWorldExtensions
{
    /// <summary>Adds one Redis server, <c>redis-1</c>.</summary>
    public static IWorldBuilder AddRedis(this IWorldBuilder world, Action<RedisOptions>? configure = null)
    {
        var options = new RedisOptions();
        configure?.Invoke(options);
        return world.Add(new RedisSystem(options));
    }
}
