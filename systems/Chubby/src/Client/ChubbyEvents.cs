namespace Microcosm.Chubby.Client;

/// <summary>Events that a handle asks for at Open (OSDI'06 2.5). Those of the fail-over and of an invalid handle come unasked.</summary>
[Flags]
public enum ChubbyEvents
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The file's contents were written.</summary>
    ContentsChanged = 1,

    /// <summary>A child came.</summary>
    ChildAdded = 2,

    /// <summary>A child went.</summary>
    ChildRemoved = 4,

    /// <summary>A child's contents were written.</summary>
    ChildModified = 8,

    /// <summary>Somebody holds the file's lock now: a primary was elected.</summary>
    LockAcquired = 16,

    /// <summary>Somebody else wants the lock that this handle holds.</summary>
    ConflictingLockRequest = 32,

    /// <summary>A new master: events may have been lost, data must be looked at again.</summary>
    MasterFailedOver = 64,

    /// <summary>The handle is of no use any more: its file was deleted.</summary>
    HandleInvalid = 128,
}
