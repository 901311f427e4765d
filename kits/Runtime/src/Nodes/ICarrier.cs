namespace Microcosm.Runtime;

/// <summary>
/// What turns the wheels of node executors: an event loop's thread, a serial queue on the thread pool, or the simulator.
/// A carrier runs one work item at a time, in the order posted, under the item's executor as current synchronization context.
/// </summary>
public interface ICarrier
{
    /// <summary>True on the carrier's own thread, inside a work item.</summary>
    bool IsCurrent { get; }

    /// <summary>Queues work. Thread-safe. <paramref name="owner"/> is made current while the work runs; exceptions go to <see
    /// cref="NodeExecutor.OnUnhandled"/>.</summary>
    void Post(NodeExecutor owner, SendOrPostCallback work, object? state);

    /// <summary>
    /// Runs <paramref name="action"/> once when the present turn ends: first all of <see cref="TurnPhase.Commit"/>, then all of
    /// <see cref="TurnPhase.Send"/>. A turn is what the carrier handles without waiting: one batch of events, or one item.
    /// Only from the carrier's own thread.
    /// </summary>
    void AtTurnEnd(NodeExecutor owner, TurnPhase phase, Action action);
}
