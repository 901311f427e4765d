using System.Collections.Immutable;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// A transactional id: what is committed of it, and the change that is being written. Invariants, checked at each change:
/// 1. One change at a time, and only along Kafka's states.
/// 2. The epoch of a producer id never falls, and grows by one; a new producer id begins at 0.
/// 3. A decision covers exactly the partitions that were added; nothing is completed while one of them lacks its marker.
/// 4. No client gets the last epoch, so each can be fenced.
/// </summary>
internal sealed class Transaction(string transactionalId, TransactionMetadata current)
{
    public string TransactionalId { get; } = transactionalId;

    public TransactionMetadata Current { get; private set; } = current;

    public TransactionMetadata? Pending { get; private set; }

    /// <summary>The partitions whose marker is not known to be written; of a prepared transaction.</summary>
    public ImmutableSortedSet<TopicPartition> Unmarked { get; private set; } = current.IsPrepared ? current.Partitions : [];

    /// <summary>The markers that this coordinator gave for it; of a prepared transaction.</summary>
    public TransactionMarkers? Markers { get; set; }

    /// <summary>False while the record that brings the id into being is written: nobody may see it yet.</summary>
    public bool Exists => Current.ProducerEpoch >= 0;

    /// <summary>True while the client must wait: for a record, or for the markers.</summary>
    public bool IsInTransition => Pending is not null || Current.IsPrepared;

    /// <summary>When the shard looks at it next.</summary>
    public long DueMs { get; set; } = long.MaxValue;

    /// <summary>Begins a change, which <see cref="Commit"/> ends when its record is committed.</summary>
    public void Begin(TransactionMetadata next)
    {
        Invariant.Check(Pending is null, "two changes of a transactional id at a time");
        Invariant.Check(IsLegal(Current.State, next.State), $"{TransactionalId} moves from {Current.State} to {next.State}");
        Invariant.Check(next.ProducerId >= 0, "a producer id is negative");
        Invariant.Check(next.ProducerId == Current.ProducerId
            ? next.ProducerEpoch >= Current.ProducerEpoch && next.ProducerEpoch - Current.ProducerEpoch <= 1
            : next.ProducerEpoch == 0, "an epoch jumps");
        Invariant.Check(next.ProducerEpoch < short.MaxValue || next.NextProducerId >= 0, "a client gets an epoch that cannot be fenced");
        Invariant.Check(!Current.IsPrepared || Unmarked.IsEmpty, "a transaction is completed before its markers");
        var keeps = next.State switch
        {
            TransactionState.Ongoing => next.Partitions.IsSupersetOf(Current.Partitions),
            TransactionState.PrepareCommit or TransactionState.PrepareAbort => next.Partitions.SetEquals(Current.Partitions),
            TransactionState.Dead => true,
            _ => next.Partitions.IsEmpty,
        };
        Invariant.Check(keeps, "a partition of a transaction is lost");
        Pending = next;
    }

    public void Commit()
    {
        Invariant.Check(Pending is not null, "nothing is pending");
        Current = Pending;
        (Pending, Markers) = (null, null);
        Unmarked = Current.IsPrepared ? Current.Partitions : [];
    }

    /// <summary>The markers of these are written.</summary>
    public void Mark(IEnumerable<TopicPartition> partitions) => Unmarked = Unmarked.Except(partitions);

    private static bool IsLegal(TransactionState from, TransactionState to) => to switch
    {
        TransactionState.Empty or TransactionState.Dead => IsAtRest(from),
        TransactionState.Ongoing => IsAtRest(from) || from == TransactionState.Ongoing,
        TransactionState.PrepareCommit => from == TransactionState.Ongoing,
        TransactionState.PrepareAbort => IsAtRest(from) || from == TransactionState.Ongoing,
        TransactionState.CompleteCommit => from == TransactionState.PrepareCommit,
        TransactionState.CompleteAbort => from == TransactionState.PrepareAbort,
        _ => false,
    };

    private static bool IsAtRest(TransactionState state) =>
        state is TransactionState.Empty or TransactionState.CompleteCommit or TransactionState.CompleteAbort;
}
