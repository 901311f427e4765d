namespace Microcosm.Runtime;

/// <summary>The two steps that end a turn.</summary>
public enum TurnPhase
{
    /// <summary>
    /// What the turn changed is written to the disk, once for all operations of the turn (group commit), and replies are released.
    /// </summary>
    Commit,

    /// <summary>Released output is handed to the network.</summary>
    Send,
}
