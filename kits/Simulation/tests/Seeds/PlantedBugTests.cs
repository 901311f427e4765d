using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Seeds;

public class PlantedBugTests
{
    [Fact]
    public void A_bug_is_planted_until_it_is_taken_out_and_on_one_thread_only()
    {
        Assert.True(Bug.CanPlant);
        Assert.False(Bug.IsPlanted("a"));
        using (Bug.Plant("a", "b"))
        {
            Assert.True(Bug.IsPlanted("a"));
            Assert.False(Bug.IsPlanted("c"));
            var elsewhere = true;
            var other = new Thread(() => elsewhere = Bug.IsPlanted("a"));
            other.Start();
            other.Join();
            Assert.False(elsewhere);
        }
        Assert.False(Bug.IsPlanted("a"));
    }
}
