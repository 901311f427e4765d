using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>What a leader knows of one follower. Invariants: match &lt; next; match and the acknowledged round never go back.</summary>
internal sealed class Progress(long id, RaftOptions options, long nextIndex, long nowUs)
{
    public long Id { get; } = id;

    public ProgressState State { get; private set; } = ProgressState.Probe;

    /// <summary>Up to here the follower has the leader's log on its disk.</summary>
    public long Match { get; private set; }

    /// <summary>What is sent next.</summary>
    public long Next { get; private set; } = nextIndex;

    /// <summary>The commit index that it was told last.</summary>
    public long CommitSent { get; set; }

    /// <summary>When it was last heard of, in µs.</summary>
    public long HeardAtUs { get; set; } = nowUs;

    /// <summary>The latest round that it answered.</summary>
    public long AckedRound { get; private set; }

    /// <summary>A probe is under way.</summary>
    public bool IsProbed { get; set; }

    /// <summary>The snapshot that it is being sent.</summary>
    public SnapshotMeta? Snapshot { get; private set; }

    /// <summary>Where to go on in it.</summary>
    public long SnapshotOffset { get; set; }

    /// <summary>When a part of it was sent that is not answered, in µs; 0 for none.</summary>
    public long ChunkSentAtUs { get; set; }

    public Inflights Inflights { get; } = new(options.InflightMessagesMax, options.InflightBytesMax);

    public bool IsPaused => State switch
    {
        ProgressState.Probe => IsProbed,
        ProgressState.Replicate => Inflights.IsFull,
        _ => true,
    };

    public void Answered(long round) => AckedRound = Math.Max(AckedRound, round);

    /// <summary>It has everything up to <paramref name="index"/>. False if that is old news.</summary>
    public bool Matched(long index)
    {
        if (index <= Match)
            return false;
        Match = index;
        Next = Math.Max(Next, index + 1);
        IsProbed = false;
        return true;
    }

    /// <summary>Entries up to <paramref name="last"/> were sent.</summary>
    public void Sent(long last, int bytes)
    {
        Invariant.Check(last >= Next);
        Next = last + 1;
        Inflights.Add(last, bytes);
    }

    /// <summary>It refused entries behind <paramref name="refused"/>; its log may agree up to the hint. False if that is old
    /// news.</summary>
    public bool Refused(long refused, long hint)
    {
        if (State == ProgressState.Replicate)
        {
            if (refused <= Match)
                return false;
            Probe();
            return true;
        }
        // At what it acknowledged: its disk broke a promise. It is asked again with heartbeats, not at once and for ever.
        if (Next - 1 != refused || (refused <= Match && Match > 0))
            return false;
        Next = Math.Max(Math.Min(refused, hint + 1), Match + 1);
        IsProbed = false;
        return true;
    }

    public void Probe()
    {
        Reset(ProgressState.Probe);
        Next = Match + 1;
    }

    public void Replicate()
    {
        Reset(ProgressState.Replicate);
        Next = Match + 1;
    }

    public void SendSnapshot(SnapshotMeta snapshot)
    {
        Reset(ProgressState.Snapshot);
        Snapshot = snapshot;
    }

    private void Reset(ProgressState state)
    {
        State = state;
        IsProbed = false;
        CommitSent = 0;
        Snapshot = null;
        SnapshotOffset = ChunkSentAtUs = 0;
        Inflights.Clear();
        Invariant.Check(Match < Next);
    }
}
