namespace Microcosm.Kafka.Tests.Core;

/// <summary>The index decides as a walk over all ACLs does.</summary>
public sealed class AuthorizerWalkTests
{
    [Fact]
    public void Each_decision_is_that_of_a_walk_over_all_ACLs()
    {
        var (allowed, denied) = (0, 0);
        for (var seed = 1; seed <= 20; seed++)
        {
            var walk = new AuthorizerWalk(seed);
            for (var step = 0; step < 200; step++)
                walk.Step();
            Assert.Equal(0, walk.Wrong);
            (allowed, denied) = (allowed + walk.Allowed, denied + walk.Denied);
        }
        Assert.True(allowed > 400 && denied > 400, $"{allowed} allowed, {denied} denied: the walk sees one side only");
    }
}
