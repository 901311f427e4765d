using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// The coordinator of the transactional ids of one partition of __transaction_state (KIP-98, 360, 447, 664, 890).
/// Invariants:
/// 1. What is answered is committed: the state that requests see is only what committed records say, and while a change is being written
///    its id answers CONCURRENT_TRANSACTIONS.
/// 2. The written records replayed give the same state; but for the epoch before the last, which Kafka's records do not have.
/// 3. A decided transaction gives its markers until each partition has one, whoever coordinates; only then it is completed.
/// 4. Who lost its transactional id to another, or its transaction to the timeout, has an epoch that is refused everywhere.
/// Those of one id are in <see cref="Transaction"/>. Everything comes in: time in ms as an argument, producer ids by
/// <c>newProducerId</c>, negative while the host has none.
/// </summary>
internal sealed class TransactionShard : ICoordinatorShard
{
    // How soon a timeout is tried again that found no producer id.
    private const int ProducerIdRetryMs = 1_000;

    private readonly TransactionBoard _board;

    /// <param name="options">The broker's settings.</param>
    /// <param name="coordinatorEpoch">The leader epoch of the partition, which the markers carry.</param>
    /// <param name="newProducerId">A producer id that nobody has.</param>
    public TransactionShard(TransactionOptions options, int coordinatorEpoch, Func<long> newProducerId)
    {
        _board = new TransactionBoard(options, coordinatorEpoch, newProducerId);
        Ends = new TransactionEnds(_board);
        Inits = new ProducerInits(_board, Ends);
        Partitions = new TransactionPartitions(_board);
    }

    public ProducerInits Inits { get; }

    public TransactionPartitions Partitions { get; }

    public TransactionEnds Ends { get; }

    public IEnumerable<Transaction> Transactions => _board.Transactions.Values;

    public bool MustReload => _board.MustReload;

    public long NextDueMs => _board.NextDueMs;

    public bool TryTakeWrite(out CoordinatorWrite write) => _board.Writes.TryDequeue(out write!);

    /// <summary>
    /// Takes markers that are to be written. They are given once a load: the host tries until all partitions have them, and tells by
    /// <see cref="TransactionEnds.MarkersWritten"/>.
    /// </summary>
    public bool TryTakeMarkers(out TransactionMarkers markers) => _board.Markers.TryDequeue(out markers!);

    public void Unload() => _board.End();

    public void Load(byte[] key, byte[]? value, long producerId = -1)
    {
        Invariant.Check(!_board.IsLoaded, "a record is replayed after loading");
        Invariant.Check(producerId == -1, "a transaction's state is written in a transaction");
        var transactionalId = TransactionRecords.ReadKey(key);
        if (value is null)
            _board.Transactions.Remove(transactionalId);
        else
            _board.Transactions[transactionalId] = new Transaction(transactionalId, TransactionRecords.Read(value));
    }

    public void LoadMarker(long producerId, bool isCommit) => Invariant.Fail("a transaction's state is written in a transaction");

    public void Loaded(long nowMs)
    {
        Invariant.Check(!_board.IsLoaded, "a shard is loaded twice");
        _board.IsLoaded = true;
        foreach (var transaction in _board.Transactions.Values)
        {
            if (!transaction.Current.IsPrepared || !Bug.IsPlanted("kafka/markers-forgotten-after-load"))
                _board.Continue(transaction);
        }
    }

    /// <summary>Aborts transactions that took too long, and forgets ids that nobody used for long.</summary>
    public void Tick(long nowMs)
    {
        while (!_board.IsClosed && _board.TakeDue(nowMs) is { } transaction)
        {
            if (transaction.Current.State != TransactionState.Ongoing)
                _board.Change(transaction, transaction.Current with { State = TransactionState.Dead }, _ => { });
            else
                Ends.Fence(transaction, nowMs, error => TryAgain(transaction, error, nowMs));
        }
    }

    /// <summary>DescribeTransactions, for one id.</summary>
    public (KafkaError Error, TransactionDescription? Transaction) Describe(string transactionalId) =>
        _board.Find(transactionalId, out var transaction) switch
        {
            KafkaError.None => (KafkaError.None, Describe(transaction)),
            KafkaError.InvalidProducerIdMapping => (KafkaError.TransactionalIdNotFound, null),
            var error => (error, null),
        };

    /// <summary>ListTransactions: those of this shard, by id.</summary>
    public TransactionList List(TransactionFilter filter, long nowMs)
    {
        if (_board.IsClosed)
            return new TransactionList(_board.ClosedError, [], []);
        var known = Enum.GetNames<TransactionState>();
        var listed = _board.Transactions.Values.Where(transaction => transaction.Exists).Select(Describe).Where(transaction =>
            (filter.ProducerIds.Count == 0 || filter.ProducerIds.Contains(transaction.ProducerId))
            && (filter.States.Count == 0 || filter.States.Contains(transaction.State.ToString()))
            && (filter.DurationMs < 0 || nowMs - transaction.StartMs > filter.DurationMs));
        return new TransactionList(KafkaError.None, [.. filter.States.Except(known)], [.. listed]);
    }

    private void TryAgain(Transaction transaction, KafkaError error, long nowMs)
    {
        if (error == KafkaError.CoordinatorLoadInProgress)
            _board.LookAt(transaction, nowMs + ProducerIdRetryMs);
    }

    private static TransactionDescription Describe(Transaction transaction)
    {
        var current = transaction.Current;
        return new TransactionDescription(transaction.TransactionalId, current.State, current.ProducerId, current.ProducerEpoch,
            current.TimeoutMs, current.StartMs, [.. current.IsPrepared ? transaction.Unmarked : current.Partitions]);
    }
}
