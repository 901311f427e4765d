namespace Microcosm.Runtime.Tests;

internal sealed class EchoFactory : ISessionFactory
{
    private readonly TaskCompletionSource _allOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _allClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> _firstClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private int _closed;

    public int Expected { get; init; } = int.MaxValue;

    public long PendingMax { get; set; }

    /// <summary>Told of each input.</summary>
    public Action? Heard { get; set; }

    public Task AllOpen => _allOpen.Task;

    public Task AllClosed => _allClosed.Task;

    /// <summary>Completes when the first session is closed, with what it was told.</summary>
    public Task<Exception?> FirstClosed => _firstClosed.Task;

    public Session Accept(SessionTransport transport)
    {
        if (++_open == Expected)
            _allOpen.SetResult();
        return new EchoSession(transport, this);
    }

    public void OnClosed(Exception? error)
    {
        _firstClosed.TrySetResult(error);
        if (++_closed == Expected)
            _allClosed.SetResult();
    }
}
