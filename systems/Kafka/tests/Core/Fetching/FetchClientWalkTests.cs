namespace Microcosm.Kafka.Tests.Core;

/// <summary>Incremental fetches tell no less than full ones.</summary>
public sealed class FetchClientWalkTests
{
    [Fact]
    public void A_client_always_knows_what_a_full_fetch_would_tell()
    {
        var leftOut = 0;
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var walk = new FetchClientWalk(seed);
            for (var step = 0; step < 300; step++)
                walk.Step();
            Assert.Equal(0, walk.Wrong);
            leftOut += walk.LeftOut;
        }
        Assert.True(leftOut > 1_000, $"only {leftOut} partitions were left out: nothing was incremental");
    }
}
