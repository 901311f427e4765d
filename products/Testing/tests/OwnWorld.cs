namespace Microcosm.Testing.Tests;

/// <summary>Each test of this class has a world of its own.</summary>
public sealed class OwnWorld : OwnWorldTests<RedisWorld>
{
    private static readonly HashSet<World> s_seen = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_test_meets_the_world_of_another(int round)
    {
        Assert.True(s_seen.Add(World), $"round {round} met a world that another test had");
        Assert.Equal(":1", await RedisWorld.AskAsync(World, "INCR rounds"));
    }
}
