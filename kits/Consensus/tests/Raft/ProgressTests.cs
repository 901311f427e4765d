namespace Microcosm.Consensus.Tests.Raft;

/// <summary>What a leader makes of a follower's answers.</summary>
public class ProgressTests
{
    /// <summary>Asked again at once, leader and follower would talk for ever without time going on.</summary>
    [Fact]
    public void A_follower_that_refuses_what_it_acknowledged_is_not_asked_again_at_once()
    {
        var progress = new Progress(2, new RaftOptions(), nextIndex: 1, nowUs: 0);
        Assert.True(progress.Matched(5));
        progress.Probe();
        progress.IsProbed = true;
        Assert.False(progress.Refused(5, 3));
        Assert.True(progress.IsPaused);
    }

    [Fact]
    public void A_follower_that_lacks_entries_is_asked_further_back()
    {
        var progress = new Progress(2, new RaftOptions(), nextIndex: 10, nowUs: 0);
        progress.IsProbed = true;
        Assert.True(progress.Refused(9, 3));
        Assert.Equal((4, false), (progress.Next, progress.IsPaused));
    }
}
