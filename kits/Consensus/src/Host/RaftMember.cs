namespace Microcosm.Consensus;

/// <summary>One member of one group. All calls come on the node's executor.</summary>
public sealed class RaftMember
{
    internal RaftMember(long group) => Group = group;

    /// <summary>Somebody else leads, nobody does, or there is a new term. Raised on the executor, after the fact.</summary>
    public event Action? LeadershipChanged;

    /// <summary>The group's number.</summary>
    public long Group { get; }

    /// <summary>This member's number in the group.</summary>
    public long Id => throw new NotImplementedException();

    /// <summary>Who leads, as far as is known; 0 for nobody.</summary>
    public long Leader => throw new NotImplementedException();

    /// <summary>The term.</summary>
    public long Term => throw new NotImplementedException();

    /// <summary>True while this member leads, as far as it knows.</summary>
    public bool IsLeader => throw new NotImplementedException();

    /// <summary>True if a leader heard from a majority, or a follower from its leader, within the election time-out.</summary>
    public bool HasQuorum => throw new NotImplementedException();

    /// <summary>
    /// Proposes a command, by way of the leader if that is another member. Completes when the command is applied here, with what
    /// <see cref="IReplicatedMachine.Apply"/> returned. Throws <see cref="ConsensusException"/>; where that says that the outcome is
    /// unknown, and after a cancellation, the command may have been carried out or may be later.
    /// </summary>
    public ValueTask<object?> ProposeAsync(ReadOnlyMemory<byte> command, CancellationToken cancellation) =>
        throw new NotImplementedException(LeadershipChanged?.ToString());

    /// <summary>
    /// Completes when this member's machine has everything that was committed before the call: what is read from it then, in the same
    /// turn, is linearizable. On followers too. Throws <see cref="ConsensusException"/>.
    /// </summary>
    public ValueTask ReadAsync(CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>How the member is, for Inside pages.</summary>
    public RaftStatus Status() => throw new NotImplementedException();
}
