namespace Microcosm.Kafka.Tests;

/// <summary>What matters of a partition's log: per producer id the epoch, the coordinator's epoch, and the open transaction.</summary>
internal sealed class MarkedPartition
{
    private readonly Dictionary<long, (short Epoch, int CoordinatorEpoch, RandomTransaction? Open)> _producers = [];

    public List<string> Faults { get; } = [];

    /// <summary>Appends records of a transaction. False if the producer is fenced.</summary>
    public bool Append(ProducerResult producer, RandomTransaction transaction)
    {
        var known = _producers.GetValueOrDefault(producer.ProducerId);
        if (producer.ProducerEpoch < known.Epoch)
            return false;
        if (known.Open is not null && known.Open != transaction)
            Faults.Add("the records of two transactions are in one");
        if (known.Open is null)
            transaction.Opened++;
        _producers[producer.ProducerId] = (producer.ProducerEpoch, known.CoordinatorEpoch, transaction);
        return true;
    }

    /// <summary>Appends a marker. False if a newer coordinator was here.</summary>
    public bool Mark(TransactionMarkers markers)
    {
        var known = _producers.GetValueOrDefault(markers.ProducerId);
        if (markers.CoordinatorEpoch < known.CoordinatorEpoch)
            return false;
        if (markers.ProducerEpoch < known.Epoch)
            Faults.Add("a marker is fenced");
        known.Open?.Outcomes.Add(markers.IsCommit);
        _producers[markers.ProducerId] = (markers.ProducerEpoch, markers.CoordinatorEpoch, null);
        return true;
    }
}
