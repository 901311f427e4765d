namespace Microcosm.Kafka.Tests.Core;

/// <summary>A follower's side of fetch sessions.</summary>
public sealed class FollowerWalkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_leader_knows_what_the_follower_wants_though_it_names_only_changes(ulong seed)
    {
        var walk = new FollowerWalk(seed);
        for (var step = 0; step < 1_000; step++)
            walk.Step();
        Assert.Equal(0, walk.Wrong);
        Assert.True(walk.NotNamed > 500);
    }
}
