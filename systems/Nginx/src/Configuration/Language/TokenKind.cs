namespace Microcosm.Nginx;

/// <summary>What ended a run of words.</summary>
internal enum TokenKind
{
    Directive,
    BlockStart,
    BlockEnd,
    EndOfFile,
}
