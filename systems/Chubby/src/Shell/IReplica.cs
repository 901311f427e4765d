namespace Microcosm.Chubby;

/// <summary>What a member sees of how the cell agrees.</summary>
internal interface IReplica
{
    /// <summary>Somebody else leads, or nobody does.</summary>
    event Action? LeadershipChanged;

    bool IsLeader { get; }

    /// <summary>The member that leads, as far as is known; 0 for none.</summary>
    long Leader { get; }

    /// <summary>False where this member cannot speak for the cell.</summary>
    bool HasQuorum { get; }

    /// <summary>Completes when the change is applied on this member.</summary>
    ValueTask<object?> ProposeAsync(ReadOnlyMemory<byte> command, CancellationToken cancellation);

    /// <summary>Completes when this member has everything that was agreed on before the call.</summary>
    ValueTask ReadAsync(CancellationToken cancellation);

    ValueTask StopAsync();
}
