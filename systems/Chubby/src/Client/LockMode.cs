namespace Microcosm.Chubby.Client;

/// <summary>How a lock is held. Locks are advisory: they keep nobody from the file's contents (OSDI'06 2.4).</summary>
public enum LockMode
{
    /// <summary>Not at all.</summary>
    Free = 0,

    /// <summary>By one writer.</summary>
    Exclusive = 1,

    /// <summary>By any number of readers.</summary>
    Shared = 2,
}
