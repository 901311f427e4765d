namespace Microcosm.Chubby;

/// <summary>What became of a change.</summary>
internal readonly record struct ChangeResult(ZooError Error)
{
    /// <summary>The node that was created, with its sequence suffix.</summary>
    public string? Path { get; init; }

    /// <summary>The node as it is now.</summary>
    public NodeStat Stat { get; init; }

    /// <summary>What a reply has of a node's data.</summary>
    public byte[]? Data { get; init; }

    /// <summary>Of each operation of a multi.</summary>
    public ChangeResult[]? Parts { get; init; }

    /// <summary>Of a change of Chubby's own API.</summary>
    public Cell.CellReply? Cell { get; init; }
}
