using Microcosm.Runtime;

namespace Microcosm.Consensus.Tests.Raft;

/// <summary>Thousands of groups live in one process.</summary>
public class CostTests
{
    [Fact]
    public void A_tick_of_an_idle_follower_allocates_nothing()
    {
        var core = new RaftCore(1, new RaftOptions(), new MemoryRaftStorage(new Membership([1, 2, 3])), new RandomStream(1), 0);
        core.Tick(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var us = 2; us < 10_000; us++)
        {
            core.Tick(us);
            Assert.False(core.HasReady);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_core_says_when_it_wants_to_be_ticked()
    {
        var core = new RaftCore(1, new RaftOptions(), new MemoryRaftStorage(new Membership([1, 2, 3])), new RandomStream(1), 0);
        Assert.InRange(core.NextTickUs, 1_000_000, 2_000_000);
        core.Tick(core.NextTickUs - 1);
        Assert.False(core.HasReady);
        core.Tick(core.NextTickUs);
        Assert.True(core.HasReady);
    }

    [Fact]
    public void The_clock_never_goes_back()
    {
        var core = new RaftCore(1, new RaftOptions(), new MemoryRaftStorage(new Membership([1, 2, 3])), new RandomStream(1), 10);
        Assert.Throws<InvariantException>(() => core.Tick(9));
    }

    [Fact]
    public void Leases_without_check_quorum_are_refused() => Assert.Throws<InvariantException>(() => new RaftCore(1,
        new RaftOptions { LeaseReads = true, CheckQuorum = false }, new MemoryRaftStorage(new Membership([1])), new RandomStream(1), 0));
}
