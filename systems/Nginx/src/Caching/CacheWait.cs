using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// A request that waits until another has made its response (<c>proxy_cache_lock</c>): until it is made, until the other has had its time,
/// or until it has waited long enough. It goes on once, on its worker's executor.
/// </summary>
internal sealed class CacheWait : Deadline
{
    private readonly HttpRequest _request;
    private readonly CacheUse _use;
    private readonly Action _onMade;
    private readonly Action _onTimeout;
    private readonly Action _made;
    private readonly long _endsMs;
    private bool _isWaiting;

    /// <param name="timeoutMs">It waits so long, all in all.</param>
    public CacheWait(HttpRequest request, CacheUse use, long timeoutMs, Action onMade, Action onTimeout)
    {
        (_request, _use, _onMade, _onTimeout) = (request, use, onMade, onTimeout);
        _endsMs = Deadlines.NowMs + timeoutMs;
        _made = () => request.Worker.Http.Executor.Post(() => GoOn(_onMade));
    }

    private Deadlines Deadlines => _request.Worker.Http.Deadlines;

    /// <param name="lockAgeMs">So much time the other has.</param>
    public void Begin(long lockAgeMs)
    {
        _isWaiting = true;
        if (!_use.TryWait(_made))
        {
            _made();
            return;
        }
        Deadlines.Set(this, Math.Max(0, Math.Min(_endsMs - Deadlines.NowMs, lockAgeMs)));
    }

    public void Stop()
    {
        if (!_isWaiting)
            return;
        _isWaiting = false;
        _use.StopWaiting(_made);
        Deadlines.Remove(this);
    }

    protected override void Expired() => GoOn(Deadlines.NowMs >= _endsMs ? _onTimeout : _onMade);

    private void GoOn(Action next)
    {
        if (!_isWaiting)
            return;
        Stop();
        if (!_request.Exchange.IsOver)
            next();
    }
}
