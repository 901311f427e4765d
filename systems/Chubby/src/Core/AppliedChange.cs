namespace Microcosm.Chubby;

/// <summary>A change that was applied, with what it led to.</summary>
internal sealed record AppliedChange(
    ChangeHeader Header, Change Change, long Zxid, ChangeResult Result, IReadOnlyList<TreeEvent> Events,
    IReadOnlyList<long> ClosedSessions, IReadOnlyList<string> Warnings);
