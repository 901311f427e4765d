namespace Microcosm.Runtime.Tests;

internal sealed class EchoFactory : ISessionFactory
{
    private readonly TaskCompletionSource _allOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _allClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private int _closed;

    public int Expected { get; init; } = int.MaxValue;

    public long PendingMax { get; set; }

    public Task AllOpen => _allOpen.Task;

    public Task AllClosed => _allClosed.Task;

    public Session Accept(SessionTransport transport)
    {
        if (++_open == Expected)
            _allOpen.SetResult();
        return new EchoSession(transport, this);
    }

    public void OnClosed()
    {
        if (++_closed == Expected)
            _allClosed.SetResult();
    }
}
