namespace Microcosm.Runtime;

/// <summary>How an operation fails.</summary>
public enum OperationFaultAction
{
    /// <summary>Nothing happens: the operation goes on.</summary>
    None,

    /// <summary>Not applied; the given protocol error is answered.</summary>
    Refuse,

    /// <summary>Applied; the reply is dropped and the connection closed, as if the server died between the two.</summary>
    DropReply,

    /// <summary>Not applied; the connection is closed without a reply.</summary>
    CloseBefore,

    /// <summary>Applied and answered late; the connection's later operations wait behind it.</summary>
    Delay,

    /// <summary>Applied; then the node dies, the reply with it, and whatever its disk had not synced is at risk.</summary>
    KillNode,

    /// <summary>Applied; then the node stops running until it is resumed.</summary>
    PauseNode,

    /// <summary>A disk's operation throws; of a sync that does, what it covered may be lost.</summary>
    DiskError,

    /// <summary>A write writes its first bytes; then the disk is full.</summary>
    ShortWrite,

    /// <summary>One bit of what is read or written is flipped.</summary>
    Corrupt,
}
