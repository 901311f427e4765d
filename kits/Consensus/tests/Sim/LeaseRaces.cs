using Microcosm.Runtime;

namespace Microcosm.Consensus.Tests.Sim;

/// <summary>
/// The three ways in which a lease can outlive its leader's reign, each step by step: clocks that drift, a voter that restarts, a transfer.
/// Each is safe as the core is, and a read goes stale with the guard off. (Seeds meet the same: raft-lease.)
/// </summary>
public class LeaseRaces
{
    private readonly RaftCore[] _cores = new RaftCore[4];
    private readonly MemoryRaftStorage[] _storages = new MemoryRaftStorage[4];
    private readonly double[] _nowUs = [0, 1_000_000, 1_000_000, 1_000_000];
    private readonly double[] _rates = [0, 1, 1, 1];
    private readonly HashSet<long> _cut = [];
    private readonly List<ReadState> _reads = [];
    private RaftOptions _options = new() { ElectionTimeoutMs = 100, HeartbeatMs = 10, LeaseReads = true, ClockDriftPpmMax = 0 };

    [Fact]
    public void Clocks_that_drift_within_the_bound_leave_no_stale_read() => Assert.False(ReadsStaleByDrift(boundPpm: 200_000));

    [Fact]
    public void Clocks_that_drift_beyond_the_bound_give_a_stale_read() => Assert.True(ReadsStaleByDrift(boundPpm: 0));

    [Fact]
    public void Without_the_clock_bound_a_read_goes_stale()
    {
        using var bug = Bug.Plant("raft/lease-without-clock-bound");
        Assert.True(ReadsStaleByDrift(boundPpm: 200_000));
    }

    [Fact]
    public void A_voter_that_restarts_leaves_no_stale_read() => Assert.False(ReadsStaleByRestart());

    [Fact]
    public void A_voter_that_votes_right_after_its_restart_gives_a_stale_read()
    {
        using var bug = Bug.Plant("raft/votes-right-after-restart");
        Assert.True(ReadsStaleByRestart());
    }

    [Fact]
    public void A_transfer_leaves_no_stale_read() => Assert.False(ReadsStaleByTransfer());

    [Fact]
    public void A_lease_kept_in_a_transfer_gives_a_stale_read()
    {
        using var bug = Bug.Plant("raft/lease-kept-in-transfer");
        Assert.True(ReadsStaleByTransfer());
    }

    private bool ReadsStaleByDrift(int boundPpm)
    {
        _options = _options with { ClockDriftPpmMax = boundPpm };
        Begin();
        (_rates[1], _rates[2], _rates[3]) = (0.8, 1.2, 1.2);
        _cut.Add(1);
        Pass(90);
        Assert.True(_cores[2].Campaign(Now(2)));
        Settle();
        return SuccessorWritesAndPastLeaderReads(2);
    }

    private bool ReadsStaleByRestart()
    {
        Begin();
        _cut.Add(3);
        Pass(15);
        _cores[1].Tick(Now(1));
        Settle();
        Pass(86);
        _cut.Remove(3);
        _cut.Add(1);
        _cores[2] = Core(2);
        Assert.True(_cores[3].Campaign(Now(3)));
        Settle();
        return SuccessorWritesAndPastLeaderReads(3);
    }

    private bool ReadsStaleByTransfer()
    {
        Begin();
        Assert.Equal(RaftRefusal.None, _cores[1].TransferLeadership(2, Now(1)));
        foreach (var message in _cores[1].TakeReady().Messages.Where(m => m.Kind == MessageKind.TimeoutNow))
            _cores[2].Step(message, Now(2));
        _cut.Add(1);
        Settle();
        return SuccessorWritesAndPastLeaderReads(2);
    }

    // True if the past leader answers a read without what its successor has committed.
    private bool SuccessorWritesAndPastLeaderReads(int successor)
    {
        if (_cores[successor].Role != RaftRole.Leader)
            return false;
        Assert.Equal(RaftRefusal.None, _cores[successor].Propose(new byte[1], Now(successor)));
        Settle();
        Assert.Equal(_cores[successor].LastIndex, _cores[successor].CommitIndex);
        Assert.Equal(RaftRole.Leader, _cores[1].Role);
        _cores[1].Read(7, Now(1));
        Settle();
        return _reads.Exists(r => r.Context == 7 && r.Index < _cores[successor].CommitIndex);
    }

    private void Begin()
    {
        for (var id = 1; id <= 3; id++)
        {
            _storages[id] = new MemoryRaftStorage(new Membership([1, 2, 3]));
            _cores[id] = Core(id);
        }
        Assert.True(_cores[1].Campaign(Now(1)));
        Settle();
        Assert.True(_cores[1].HoldsLease);
    }

    private RaftCore Core(int id) => new(id, _options, _storages[id], new RandomStream((ulong)id), Now(id));

    private void Pass(double ms)
    {
        for (var id = 1; id <= 3; id++)
            _nowUs[id] += ms * 1_000 * _rates[id];
    }

    private long Now(int id) => (long)_nowUs[id];

    private void Settle()
    {
        for (var worked = true; worked;)
        {
            worked = false;
            for (var id = 1; id <= 3; id++)
            {
                while (_cores[id].HasReady)
                    worked |= Work(id, _cores[id].TakeReady());
            }
        }
    }

    private bool Work(int id, RaftReady ready)
    {
        foreach (var message in ready.Messages.Where(m => !_cut.Contains(m.From) && !_cut.Contains(m.To)))
            _cores[message.To].Step(message, Now((int)message.To));
        _storages[id].Write(ready);
        if (ready.MustSync)
            _cores[id].Persisted(_storages[id].Sync(), Now(id));
        _reads.AddRange(ready.Reads);
        return ready.MustSync || ready.Messages.Count > 0 || ready.Committed.Count > 0;
    }
}
