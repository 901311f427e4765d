namespace Microcosm.Runtime.Tests;

public class BugTests
{
    [Fact]
    public void A_normal_build_cannot_plant_bugs()
    {
        Assert.False(Bug.CanPlant);
        Assert.Throws<NotSupportedException>(() => Bug.Plant("ack-before-sync"));
        Bug.Plant().Dispose();
        Assert.False(Bug.IsPlanted("ack-before-sync"));
    }
}
