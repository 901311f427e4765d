namespace Microcosm.Kafka;

/// <summary>Producer ids of this broker, from blocks that the cluster gives out (KIP-730).</summary>
internal sealed class ProducerIds(KafkaBroker broker)
{
    private long _next;
    private long _end;
    private Task<KafkaError>? _filling;

    /// <summary>The next id that nobody had.</summary>
    public async ValueTask<(KafkaError Error, long Id)> TakeAsync()
    {
        while (true)
        {
            if (await ReadyAsync() is var error && error != KafkaError.None)
                return (error, -1);
            if (TryTake() is var id && id >= 0)
                return (KafkaError.None, id);
        }
    }

    /// <summary>Waits until there is an id to be taken; COORDINATOR_LOAD_IN_PROGRESS where the cluster gave none.</summary>
    public async ValueTask<KafkaError> ReadyAsync()
    {
        while (_next == _end)
        {
            if (await Fill() != KafkaError.None)
                return KafkaError.CoordinatorLoadInProgress;
        }
        return KafkaError.None;
    }

    /// <summary>The next id; -1 while there is none, and more are asked for.</summary>
    public long TryTake()
    {
        if (_next < _end)
            return _next++;
        _ = Fill();
        return -1;
    }

    private Task<KafkaError> Fill() => _filling is { IsCompleted: false } filling ? filling : _filling = FillAsync();

    private async Task<KafkaError> FillAsync()
    {
        var result = await broker.ProposeAsync(new AllocateProducerIds(broker.Id, broker.Epoch), isRepeatable: true);
        if (result is not NumberResult first)
            return result.Error;
        (_next, _end) = (first.Value, first.Value + AllocateProducerIds.BlockSize);
        return KafkaError.None;
    }
}
