namespace Microcosm.Chubby;

/// <summary>Kinds of changes, by their numbers in the log.</summary>
internal enum ChangeKind : byte
{
    CreateNode = 1,
    DeleteNode = 2,
    SetData = 3,
    SetAcl = 4,
    CheckVersion = 5,
    Multi = 6,
    ReapNode = 7,
    OpenSession = 16,
    MoveSession = 17,
    CloseSession = 18,
    ExpireSession = 19,
    RenewSessions = 20,
    NewEpoch = 24,
    Reconfigure = 25,
    EndReconfig = 26,
    AnnounceServer = 27,

    /// <summary>One of Chubby's own API.</summary>
    Cell = 64,
}
