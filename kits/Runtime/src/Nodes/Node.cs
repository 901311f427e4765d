namespace Microcosm.Runtime;

/// <summary>
/// The unit that runs, dies and restarts: a broker, a replica, a tablet server. All of its code runs on
/// <see cref="NodeContext.Executor"/>, one turn at a time, so that its state needs no locks.
/// One instance lives from one start to the next stop or kill; a restart makes a new instance over the same disk.
/// </summary>
public abstract class Node(NodeContext context)
{
    /// <summary>Everything impure that this node may touch.</summary>
    public NodeContext Context { get; } = context;

    /// <summary>Recovers from the disk, then listens. The node serves once this completes.</summary>
    public abstract ValueTask StartAsync(CancellationToken cancellation);

    /// <summary>Ends gracefully: finishes replies, syncs the disk. Not called on a kill.</summary>
    public abstract ValueTask StopAsync(CancellationToken cancellation);

    /// <summary>Brings all state to the disk, so that a copy of the disk is a copy of the node (fork, snapshot).</summary>
    public virtual ValueTask CheckpointAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Takes its configuration anew while it serves, as the peer does when it is told to. Throws <see cref="ArgumentException"/>
    /// for one that it refuses, and <see cref="InvalidOperationException"/> where there is nothing to take; nothing has changed
    /// then.</summary>
    public virtual ValueTask ReloadAsync(CancellationToken cancellation) =>
        throw new InvalidOperationException($"{Context.Name} has no configuration that it reads while it serves");

    /// <summary>
    /// How it is inside, for the Inside page and the control API: a record of numbers, words and lists of such records, copied in one
    /// turn; null where it shows nothing. On the executor.
    /// </summary>
    public virtual object? Inside() => null;
}
