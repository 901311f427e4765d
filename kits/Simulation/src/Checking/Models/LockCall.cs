namespace Microcosm.Simulation;

/// <summary>What a client asks of a lock.</summary>
public enum LockCall
{
    /// <summary>Answers a fencing token, or null when another holds the lock.</summary>
    Acquire,

    /// <summary>Gives the lock back; answers the token if it was still the holder's, else null.</summary>
    Release,
}
