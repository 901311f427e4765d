namespace Microcosm.Consensus;

/// <summary>A message between members. Which fields mean something is said at <see cref="MessageKind"/>.</summary>
internal sealed record RaftMessage
{
    public required MessageKind Kind { get; init; }

    public required long From { get; init; }

    public required long To { get; init; }

    /// <summary>The sender's term; of a pre-vote and its grant, the term that would come.</summary>
    public required long Term { get; init; }

    public long Index { get; init; }

    public long LogTerm { get; init; }

    /// <summary>The leader's commit index.</summary>
    public long Commit { get; init; }

    /// <summary>The leader's round, which the answer repeats: it proves that the leader led when the round began.</summary>
    public long Round { get; init; }

    /// <summary>Whose read it is.</summary>
    public long Context { get; init; }

    public long Offset { get; init; }

    public long Hint { get; init; }

    public long HintTerm { get; init; }

    public bool IsReject { get; init; }

    public bool IsForced { get; init; }

    public bool IsLast { get; init; }

    public Membership? Membership { get; init; }

    public IReadOnlyList<RaftEntry> Entries { get; init; } = [];

    public ReadOnlyMemory<byte> Data { get; init; }
}
