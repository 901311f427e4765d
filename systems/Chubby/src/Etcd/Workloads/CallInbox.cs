using Grpc.Core;

namespace Microcosm.Chubby.Etcd;

/// <summary>What has come in on one carried call, in its order.</summary>
internal sealed class CallInbox
{
    private readonly Queue<byte[]> _messages = new();
    private TaskCompletionSource _changed = new();

    /// <summary>How it ended; null until then.</summary>
    public Status? Outcome { get; private set; }

    public void Put(byte[] message)
    {
        _messages.Enqueue(message);
        _changed.TrySetResult();
    }

    public void Close(Status outcome)
    {
        Outcome ??= outcome;
        _changed.TrySetResult();
    }

    /// <summary>The next message; null at the end.</summary>
    public async Task<byte[]?> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (_messages.TryDequeue(out var message))
                return message;
            if (Outcome is not null)
                return null;
            await _changed.Task.WaitAsync(cancellation);
            _changed = new TaskCompletionSource();
        }
    }
}
