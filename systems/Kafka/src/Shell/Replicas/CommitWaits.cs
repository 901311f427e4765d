namespace Microcosm.Kafka;

/// <summary>Who waits until an offset is committed, with the time that each has.</summary>
internal sealed class CommitWaits
{
    private readonly PriorityQueue<TaskCompletionSource<KafkaError>, long> _waiting = new();

    /// <summary>Completes with None when the high watermark has passed the offset, with RequestTimedOut after the time.</summary>
    public async ValueTask<KafkaError> AddAsync(long offset, Deadlines deadlines, long timeoutMs)
    {
        var done = new TaskCompletionSource<KafkaError>();
        _waiting.Enqueue(done, offset);
        var deadline = deadlines.Add(timeoutMs, () => done.TrySetResult(KafkaError.RequestTimedOut));
        var error = await done.Task;
        deadline.Cancel();
        return error;
    }

    public void Committed(long highWatermark)
    {
        while (_waiting.TryPeek(out _, out var offset) && offset < highWatermark)
            _waiting.Dequeue().TrySetResult(KafkaError.None);
    }

    public void End(KafkaError error)
    {
        while (_waiting.TryDequeue(out var done, out _))
            done.TrySetResult(error);
    }
}
