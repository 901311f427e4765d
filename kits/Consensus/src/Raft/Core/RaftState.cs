using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// What a member is at a moment. The rules of the protocol are functions over it, one file a concern. Invariants: the term never goes
/// down; in one term the vote goes to one node only; <see cref="Lead"/> is there exactly while this member leads.
/// </summary>
internal sealed class RaftState(long id, RaftOptions options, IRaftView view, RandomStream random)
{
    private long _term;
    private long _vote;

    public long Id { get; } = id;

    public RaftOptions Options { get; } = options;

    public IRaftView View { get; } = view;

    public RandomStream Random { get; } = random;

    public RaftLog Log { get; } = new(view);

    public MembershipHistory Memberships { get; } = new(view.Snapshot);

    public Outbox Out { get; } = new();

    /// <summary>The node's monotonic clock as of the last input, in µs.</summary>
    public long NowUs { get; set; }

    public RaftRole Role { get; set; }

    /// <summary>Who leads this term, as far as is known; 0 for nobody.</summary>
    public long Leader { get; set; }

    /// <summary>When a follower or candidate loses patience, in µs.</summary>
    public long ElectionAtUs { get; set; }

    /// <summary>When a leader was last heard of, in µs.</summary>
    public long HeardAtUs { get; set; } = long.MinValue / 2;

    /// <summary>Votes of the election that this member stands in.</summary>
    public SortedList<long, bool>? Ballot { get; set; }

    public LeaderState? Lead { get; set; }

    /// <summary>A snapshot on its way in.</summary>
    public IncomingSnapshot? Incoming { get; set; }

    /// <summary>The latest snapshot that the storage has.</summary>
    public SnapshotMeta Snapshot { get; set; } = view.Snapshot;

    /// <summary>Parts of snapshots to be written.</summary>
    public List<SnapshotChunk>? Chunks { get; set; }

    public List<ReadState>? ReadStates { get; set; }

    public List<long>? DroppedReads { get; set; }

    /// <summary>Reads that this follower asked its leader about.</summary>
    public List<long>? Forwarded { get; set; }

    public Membership Membership => Memberships.Current;

    public long Term
    {
        get => _term;
        set
        {
            Invariant.Check(value >= _term);
            if (value != _term)
                _vote = 0;
            _term = value;
        }
    }

    public long Vote
    {
        get => _vote;
        set
        {
            Invariant.Check(_vote == 0 || _vote == value, "one vote a term");
            _vote = value;
        }
    }

    /// <summary>What was written before the restart.</summary>
    public void Recover(HardState hard)
    {
        _term = hard.Term;
        _vote = hard.Vote;
    }

    /// <summary>
    /// True if a leader may hold a lease that counts on this member's silence: it leads, or it heard from a leader within an election
    /// time-out of its own clock (thesis 4.2.3, 6.4.1).
    /// </summary>
    public bool IsLoyal => Options.CheckQuorum && (Role == RaftRole.Leader || NowUs - HeardAtUs < Options.ElectionTimeoutUs);

    /// <summary>Starts to wait anew, between one and two election time-outs.</summary>
    public void ResetElectionTimer() => ElectionAtUs = NowUs + Options.ElectionTimeoutUs + Random.Next(Options.ElectionTimeoutUs);

    /// <summary>A message of this member's term.</summary>
    public RaftMessage Message(MessageKind kind, long to) => new() { Kind = kind, From = Id, To = to, Term = Term };
}
