using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A node's members of any number of groups: one timer, one port, one connection to each peer for all of them. All calls come on the
/// node's executor.
/// </summary>
public sealed class RaftHost
{
    private RaftHost()
    {
    }

    /// <summary>The members of all groups here, by group.</summary>
    public IReadOnlyCollection<RaftMember> Members => throw new NotImplementedException();

    /// <summary>Opens the node's host and listens for its peers.</summary>
    public static ValueTask<RaftHost> OpenAsync(NodeContext context, RaftHostOptions options, CancellationToken cancellation) =>
        throw new NotImplementedException();

    /// <summary>
    /// A group of one with its log in memory and no network, for tests and for systems that run without replicas. It leads when the call
    /// completes.
    /// </summary>
    public static ValueTask<RaftMember> MemoryOf(NodeContext context, IReplicatedMachine machine) => throw new NotImplementedException();

    /// <summary>
    /// Opens this node's member of a group, or founds it: reads its snapshot and log from the disk, applies what is known to be committed,
    /// and joins in. The one voter of a group leads when the call completes.
    /// </summary>
    /// <param name="group">The group's number, above 0; the same on all nodes.</param>
    /// <param name="founders">Who founded the group: the same on all nodes for ever, those that join later too.</param>
    /// <param name="machine">A new machine.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public ValueTask<RaftMember> JoinAsync(long group, Membership founders, IReplicatedMachine machine, CancellationToken cancellation) =>
        throw new NotImplementedException();

    /// <summary>Ends all members: what is under way fails as <see cref="ConsensusFailure.Stopped"/>, what is written is synced.</summary>
    public ValueTask StopAsync() => throw new NotImplementedException();
}
