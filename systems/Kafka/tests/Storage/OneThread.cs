using System.Collections.Concurrent;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Runs async code on the calling thread, as a node's executor does.</summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _turns = [];

    public static void Run(Func<Task> work)
    {
        var (before, thread) = (Current, new OneThread());
        SetSynchronizationContext(thread);
        try
        {
            var done = work();
            done.ContinueWith(_ => thread._turns.CompleteAdding(), TaskScheduler.Default);
            foreach (var (callback, state) in thread._turns.GetConsumingEnumerable())
                callback(state);
            done.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state) => _turns.Add((d, state));
}
