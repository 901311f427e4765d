namespace Microcosm.Runtime.Tests;

public sealed class SeedTests
{
    [Fact]
    public void A_stream_depends_on_seed_and_name_only()
    {
        Assert.Equal(new Seed(7).Stream("a").NextUInt64(), new Seed(7).Stream("a").NextUInt64());
        Assert.NotEqual(new Seed(7).Stream("a").NextUInt64(), new Seed(7).Stream("b").NextUInt64());
        Assert.NotEqual(new Seed(7).Stream("a").NextUInt64(), new Seed(8).Stream("a").NextUInt64());
        Assert.Equal(new Seed(7).Scope("x").Stream("y").NextUInt64(), new Seed(7).Stream("x/y").NextUInt64());
    }

    [Fact]
    public void Numbers_of_a_range_come_about_equally_often()
    {
        var random = new Seed(1).Stream("range");
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++)
            counts[random.Next(6)]++;
        Assert.All(counts, c => Assert.InRange(c, 9_500, 10_500));
    }
}
