namespace Microcosm.Consensus;

/// <summary>
/// A state machine that a group replicates: every member has one, all apply the same commands in the same order. Called on the node's
/// executor, never concurrently. A member that starts has a new machine, which is restored from the latest snapshot, if there is one, and
/// then applies what the log has behind it.
/// </summary>
public interface IReplicatedMachine
{
    /// <summary>
    /// Applies a committed command. What it does must depend on nothing but the state and the command: no clock, no randomness, no
    /// member's own name. Not every index comes: some entries of the log are the group's own.
    /// </summary>
    /// <param name="index">The entry's place in the log; ascending, the same on all members.</param>
    /// <param name="command">Valid during the call only where the machine does not keep it; not to be changed.</param>
    /// <returns>The result, for who proposed the command on this member; else nobody sees it.</returns>
    object? Apply(long index, ReadOnlyMemory<byte> command);

    /// <summary>The whole state as bytes; not to be changed afterwards.</summary>
    ReadOnlyMemory<byte> Save();

    /// <summary>Replaces the whole state by what <see cref="Save"/> gave on some member.</summary>
    void Restore(ReadOnlyMemory<byte> state);
}
