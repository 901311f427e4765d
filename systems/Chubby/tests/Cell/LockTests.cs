using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell.Tests;

public sealed class LockTests
{
    private readonly CoreCell _cell = new();

    public LockTests()
    {
        _cell.Create(1, 1, "/l", events: ChubbyEvents.ConflictingLockRequest, lockDelayMs: 5_000);
        _cell.Open(2, 1, "/l", events: ChubbyEvents.LockAcquired);
    }

    [Fact]
    public void An_exclusive_lock_is_held_by_one()
    {
        Assert.Equal(1, _cell.Acquire(1, 1).Generation);
        Assert.Equal(["2.1 LockAcquired"], _cell.Happened);
        Assert.Equal(ChubbyError.LockHeld, _cell.Acquire(2, 1).Error);
        Assert.Equal(["1.1 ConflictingLockRequest"], _cell.Happened);
        Assert.Equal(ChubbyError.LockHeld, _cell.Acquire(2, 1, LockMode.Shared).Error);
    }

    [Fact]
    public void A_shared_lock_is_held_by_many_and_keeps_writers_out()
    {
        Assert.Equal(1, _cell.Acquire(1, 1, LockMode.Shared).Generation);
        Assert.Equal(1, _cell.Acquire(2, 1, LockMode.Shared).Generation);
        _cell.Open(2, 2, "/l");
        Assert.Equal(ChubbyError.LockHeld, _cell.Acquire(2, 2).Error);
    }

    [Fact]
    public void Acquire_sent_twice_changes_nothing()
    {
        _cell.Acquire(1, 1);
        var again = _cell.Acquire(1, 1);
        Assert.Equal((ChubbyError.Ok, 1L), (again.Error, again.Generation));
    }

    [Fact]
    public void A_lock_that_is_given_back_is_free_at_once_and_its_generation_grows()
    {
        _cell.Acquire(1, 1);
        Assert.Equal(ChubbyError.Ok, _cell.Do(new ReleaseLock(1, 1, 1)).Error);
        Assert.Equal(ChubbyError.NotHeld, _cell.Do(new ReleaseLock(1, 1, 1)).Error);
        Assert.Equal(2, _cell.Acquire(2, 1).Generation);
    }

    [Fact]
    public void A_session_that_ends_in_order_leaves_no_lock_delay()
    {
        _cell.Acquire(1, 1);
        _cell.End(1);
        Assert.Equal(ChubbyError.Ok, _cell.Acquire(2, 1).Error);
    }

    [Fact]
    public void A_lost_holders_lock_is_nobodys_until_the_lock_delay_is_over()
    {
        _cell.Acquire(1, 1);
        _cell.Lose(1);
        _cell.NowMs += 4_999;
        var early = _cell.Acquire(2, 1);
        Assert.Equal((ChubbyError.LockDelayed, 1L), (early.Error, early.WaitMs));
        _cell.NowMs++;
        Assert.Equal(2, _cell.Acquire(2, 1).Generation);
    }

    [Fact]
    public void A_clock_that_goes_back_does_not_prolong_a_lock_delay()
    {
        _cell.Acquire(1, 1);
        _cell.Lose(1);
        _cell.NowMs += 5_000;
        _cell.Session(3);
        _cell.NowMs -= 4_000;
        Assert.Equal(ChubbyError.Ok, _cell.Acquire(2, 1).Error);
    }

    [Fact]
    public void A_sequencer_is_refused_once_its_holder_is_lost()
    {
        _cell.Acquire(1, 1);
        var sequencer = _cell.SequencerOf("/l");
        Assert.True(_cell.IsValid(sequencer));
        _cell.Lose(1);
        Assert.False(_cell.IsValid(sequencer));
        _cell.NowMs += 5_000;
        _cell.Acquire(2, 1);
        Assert.False(_cell.IsValid(sequencer));
        Assert.True(_cell.IsValid(_cell.SequencerOf("/l")));
    }

    [Fact]
    public void A_sequencer_of_a_deleted_file_is_refused_though_a_new_lock_has_its_generation()
    {
        _cell.Acquire(1, 1);
        var sequencer = _cell.SequencerOf("/l");
        _cell.Do(new DeleteFile(1, 2, 1));
        _cell.Create(2, 2, "/l");
        Assert.Equal(sequencer.Generation, _cell.Acquire(2, 2).Generation);
        Assert.False(_cell.IsValid(sequencer));
    }

    [Fact]
    public void Calls_under_a_sequencer_fail_once_it_is_void()
    {
        _cell.Acquire(1, 1);
        var sequencer = _cell.SequencerOf("/l");
        _cell.Create(2, 2, "/data");
        Assert.Equal(ChubbyError.InvalidSequencer, _cell.Do(new SetSequencer(1, 2, 2, sequencer with { Generation = 7 })).Error);
        Assert.Equal(ChubbyError.Ok, _cell.Do(new SetSequencer(1, 2, 2, sequencer)).Error);
        Assert.Equal(ChubbyError.Ok, _cell.Write(2, 2, "under the lock").Error);
        _cell.Do(new ReleaseLock(1, 1, 1));
        Assert.Equal(ChubbyError.InvalidSequencer, _cell.Write(2, 2, "late").Error);
        Assert.Equal(ChubbyError.Ok, _cell.Do(new CloseFile(1, 2, 2)).Error);
    }

    [Fact]
    public void A_sequencer_survives_as_text()
    {
        _cell.Acquire(1, 1);
        var sequencer = _cell.SequencerOf("/l");
        Assert.Equal(sequencer, Sequencer.Parse(sequencer.ToString()));
        Assert.Throws<FormatException>(() => Sequencer.Parse("1:2:/l"));
    }
}
