namespace Microcosm.Chubby.Cell;

/// <summary>Kinds of Chubby's own changes, by their numbers in the log.</summary>
internal enum CellChangeKind : byte
{
    TakeOver = 1,
    Open = 2,
    Close = 3,
    Acquire = 4,
    Release = 5,
    SetSequencer = 6,
    SetContents = 7,
    SetAcl = 8,
    Delete = 9,
}
