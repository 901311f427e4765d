using Microcosm.Runtime;

namespace Microcosm.Testing.Tests;

/// <summary>All tests of this class run in one world; whichever runs first leaves a mess behind.</summary>
public sealed class SharedWorld(RedisWorld fixture) : SharedWorldTests<RedisWorld>(fixture)
{
    private static string? s_endpoint;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_test_finds_it_as_it_began_and_on_the_same_port(int round)
    {
        Assert.Equal(":1", await RedisWorld.AskAsync(World, "INCR rounds"));
        Assert.Empty(World.Faults.Rules);
        Assert.Empty(World.Links.Disturbed);
        Assert.Equal(1, World.Clock.Scale);
        Assert.Equal(NodeState.Running, World.Node("redis-1").State);
        Assert.Equal(s_endpoint ??= Fixture.ConnectionString("redis"), Fixture.ConnectionString("redis"));

        World.Faults.Add("redis.SET drop-reply");
        World.Links.Cut("redis-1", "client");
        World.Clock.Pause();
        World.Node("redis-1").Skew(TimeSpan.FromHours(1));
        if (round == 2)
            await World.Node("redis-1").KillAsync();
        else
            World.Node("redis-1").Pause();
    }
}
