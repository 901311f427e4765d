using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests;

/// <summary>A client that does at random what producers do, and crashes at times: then its next instance has the same id.</summary>
internal sealed class RandomProducer(RandomProducers all, RandomStream random, string transactionalId, bool bumps)
{
    private readonly HashSet<int> _added = [];

    private object _instance = new();
    private ProducerResult? _identity;
    private RandomTransaction _transaction = new();
    private Func<bool>? _tryReceive;

    public void Step()
    {
        if (_tryReceive is not null && !_tryReceive())
        {
            if (random.Next(8) > 0)
                return;
            if (_identity is null)
                StartAgain();
        }

        _tryReceive = null;
        if (_identity is not { } identity)
            TryStart();
        else if (_transaction.IsCommitAsked is { } isCommit)
            End(identity, isCommit);
        else
            Act(identity, random.Next(16));
    }

    /// <summary>Who was fenced waits a while, or the two of an id would do nothing but fence each other.</summary>
    private void TryStart()
    {
        if (random.Next(12) == 0)
            Init(null);
    }

    private void Act(ProducerResult identity, int choice)
    {
        switch (choice)
        {
            case 0 when random.Next(3) == 0:
                StartAgain();
                break;
            case 1 when _added.Count == 0:
                Init(identity);
                break;
            case < 6 when _added.Count > 0 || bumps:
                End(identity, isCommit: _added.Count > 0 && random.Next(3) > 0);
                break;
            case < 12 when _added.Count > 0:
                Append(identity);
                break;
            default:
                Add(identity, random.Next(RandomProducers.PartitionCount));
                break;
        }
    }

    /// <summary>A crash, or an error that a client does not survive.</summary>
    private void StartAgain()
    {
        (_instance, _identity) = (new object(), null);
        Begin();
    }

    private void Begin()
    {
        _transaction = all.NewTransaction();
        _added.Clear();
    }

    private void Init(ProducerResult? known)
    {
        var answer = all.World.Init(known, transactionalId, timeout: 10_000);
        _tryReceive = () => answer.IsHere && Received(answer.Value.Error, () => Own(answer.Value));
    }

    private void Own(ProducerResult identity)
    {
        all.Own(identity, _instance);
        _identity = identity;
        Begin();
    }

    private void Add(ProducerResult identity, int partition)
    {
        var answer = all.World.Add(identity, TransactionWorld.On(partition), transactionalId);
        _tryReceive = () => answer.IsHere && Received(answer.Value, () => _added.Add(partition));
    }

    private void Append(ProducerResult identity)
    {
        if (!_added.All(partition => all.Partitions[partition].Append(identity, _transaction)))
            StartAgain();
    }

    private void End(ProducerResult identity, bool isCommit)
    {
        _transaction.IsCommitAsked = isCommit;
        var answer = all.World.End(identity, isCommit, bumps, transactionalId);
        _tryReceive = () => answer.IsHere && Received(answer.Value.Error, () =>
        {
            _transaction.IsCommitTold = isCommit;
            if (bumps)
                Own(answer.Value);
            else
                Begin();
        });
    }

    private bool Received(KafkaError error, Action accepted)
    {
        if (error == KafkaError.None)
            accepted();
        else if (error is not (KafkaError.ConcurrentTransactions or KafkaError.NotCoordinator))
            StartAgain();
        return true;
    }
}
