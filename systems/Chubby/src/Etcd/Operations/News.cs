using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>For those who wait until something changes and then look for themselves.</summary>
internal sealed class News : IWatchSink
{
    private TaskCompletionSource _changed = new();

    public bool IsFull => false;

    public void Take(WatchResponse response) => _changed.TrySetResult();

    /// <summary>Completes with the next change, or one since the last call.</summary>
    public async Task NextAsync(CancellationToken cancellation)
    {
        await _changed.Task.WaitAsync(cancellation);
        _changed = new TaskCompletionSource();
    }
}
