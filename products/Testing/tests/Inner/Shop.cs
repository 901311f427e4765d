using Microcosm.Redis;

namespace Microcosm.Testing.Inner;

/// <summary>A world with one Redis.</summary>
public sealed class Shop : WorldFixture
{
    protected override void Configure(WorldBuilder world) => world.AddRedis();
}
