namespace Microcosm.Chubby.Client;

/// <summary>How a call of Chubby's own API ends, by its number on the wire.</summary>
public enum ChubbyError
{
    /// <summary>It was carried out.</summary>
    Ok = 0,

    /// <summary>This member does not lead the cell, or has not taken over yet. The client looks for the master and asks again.</summary>
    NotMaster = 1,

    /// <summary>The call names the epoch of an earlier master (OSDI'06 2.9).</summary>
    WrongEpoch = 2,

    /// <summary>The session is not there any more: its handles and locks are gone.</summary>
    SessionExpired = 3,

    /// <summary>No file of that name.</summary>
    NotFound = 4,

    /// <summary>There is a file of that name, where a new one was demanded.</summary>
    Exists = 5,

    /// <summary>The name is none: <c>/a/b</c>, without empty parts, <c>.</c>, <c>..</c> and control characters.</summary>
    BadName = 6,

    /// <summary>The ACL does not allow it.</summary>
    AccessDenied = 7,

    /// <summary>The handle was not opened for this.</summary>
    WrongMode = 8,

    /// <summary>The handle was closed, or its file deleted.</summary>
    InvalidHandle = 9,

    /// <summary>The content generation is another by now.</summary>
    WrongGeneration = 10,

    /// <summary>Somebody holds the lock.</summary>
    LockHeld = 11,

    /// <summary>The lock's last holder was lost, and its lock-delay is not over (OSDI'06 2.4).</summary>
    LockDelayed = 12,

    /// <summary>The handle holds no lock.</summary>
    NotHeld = 13,

    /// <summary>The sequencer's lock is not held in that mode and generation any more.</summary>
    InvalidSequencer = 14,

    /// <summary>A directory has no contents, a file with contents no children.</summary>
    NotAFile = 15,

    /// <summary>The file has children.</summary>
    HasChildren = 16,

    /// <summary>Too large or too many.</summary>
    LimitExceeded = 17,

    /// <summary>The request cannot be read.</summary>
    BadRequest = 18,

    /// <summary>The connection broke while a change was under way: it may have been carried out, or may be later.</summary>
    OutcomeUnknown = 19,

    /// <summary>The handle was poisoned, or the client disposed of.</summary>
    Poisoned = 20,
}
