using Microcosm.Chubby.Cell;

namespace Microcosm.Chubby.Client;

/// <summary>
/// Keeps a client's session: looks for the master, sends one KeepAlive after the other, counts the lease (OSDI'06 2.8, 2.9). Invariants:
/// only one link is in use; calls go out only while the session is safe.
/// </summary>
internal sealed class SessionKeeper(ChubbyClientOptions options, ChubbyClient client)
{
    private readonly Lock _gate = new();
    private readonly LocalLease _lease = new(options.ClockDriftPpmMax, options.GracePeriod);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCreationOptions _continuing =
        SynchronizationContext.Current is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;
    private TaskCompletionSource _ready = new();
    private MemberLink? _link;
    private ITimer? _timer;
    private SessionState _told = SessionState.Safe;
    private long _epoch;
    private long _taken;
    private int _member;
    private bool _isUsable;

    public long SessionId { get; private set; }

    public SessionState State
    {
        get
        {
            lock (_gate)
                return _lease.Look(Now);
        }
    }

    public bool IsSafeNow
    {
        get
        {
            lock (_gate)
                return _lease.IsSafe(Now);
        }
    }

    private long Now => (long)(options.Clock.GetTimestamp() * ((double)TimeSpan.TicksPerSecond / options.Clock.TimestampFrequency));

    public void Start()
    {
        _ready.SetResult();
        _timer = options.Clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = RunAsync();
    }

    /// <summary>Waits until calls may go out; throws once the session is gone.</summary>
    public async ValueTask<(MemberLink Link, long Session, long Epoch)> ReadyAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task ready;
            lock (_gate)
            {
                if (_lease.State == SessionState.Expired)
                    throw new ChubbyException(ChubbyError.SessionExpired, "the session is expired");
                if (_stop.IsCancellationRequested)
                    throw new ChubbyException(ChubbyError.Poisoned, "the client is disposed of");
                if (_isUsable && _link is { IsBroken: false } link && _lease.IsSafe(Now))
                    return (link, SessionId, _epoch);
                if (_ready.Task.IsCompleted)
                    _ready = new TaskCompletionSource(_continuing);
                ready = _ready.Task;
            }
            await ready.WaitAsync(cancellation);
        }
    }

    /// <summary>Runs something if the epoch is still that one, before it can become another.</summary>
    public void IfIn(long epoch, Action action)
    {
        lock (_gate)
        {
            if (_epoch == epoch && _lease.IsSafe(Now))
                action();
        }
    }

    public void Expire()
    {
        lock (_gate)
            _lease.Expire();
        Look();
    }

    public async ValueTask StopAsync()
    {
        MemberLink? link;
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
                return;
            _stop.Cancel();
            link = _isUsable ? _link : null;
        }
        if (link is not null)
            await WithinAsync(link.CallAsync(CallNumber.CloseSession, SessionId, _epoch, []));
        _link?.Break();
        _timer?.Dispose();
        _ready.TrySetResult();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested && State != SessionState.Expired)
        {
            if (await LinkAsync() is { } link)
            {
                while (await KeepAliveAsync(link))
                {
                }
                lock (_gate)
                    _isUsable = false;
                link.Break();
            }
            if (_stop.IsCancellationRequested)
                return;
            _member = (_member + 1) % options.Members;
            await Task.Delay(options.RetryDelay, options.Clock);
        }
    }

    private async Task<MemberLink?> LinkAsync()
    {
        MemberLink link;
        try
        {
            using var deadline = new CancellationTokenSource(options.ConnectTimeout, options.Clock);
            link = new MemberLink(await options.Connect(_member, deadline.Token));
        }
        catch (Exception e) when (MemberLink.IsConnectionError(e))
        {
            return null;
        }
        lock (_gate)
        {
            _link = link;
            if (_stop.IsCancellationRequested)
                link.Break();
        }
        _ = link.ReadAsync();
        if (SessionId != 0)
            return link;
        var sentAt = Now;
        var reply = await WithinAsync(link.CallAsync(CallNumber.OpenSession, 0, 0, []));
        if (reply?.Error != ChubbyError.Ok)
        {
            link.Break();
            return null;
        }
        lock (_gate)
        {
            var fields = new JuteReader(reply.Fields);
            (SessionId, _epoch, _isUsable) = (fields.Long(), reply.Epoch, true);
            _lease.Extend(sentAt, TimeSpan.Zero, TimeSpan.FromMilliseconds(fields.Int()), Now);
        }
        Look();
        return link;
    }

    // False when another member is to be tried.
    private async Task<bool> KeepAliveAsync(MemberLink link)
    {
        var sentAt = Now;
        var acknowledged = new JuteWriter(8);
        acknowledged.Long(_taken);
        var call = link.CallAsync(CallNumber.KeepAlive, SessionId, _epoch, acknowledged.Written);
        // In jeopardy a member that is silent is left; a safe session waits for as long as the lease is (the timer breaks the link).
        var reply = _isUsable ? await call : await WithinAsync(call);
        if (reply?.Error == ChubbyError.SessionExpired)
            Expire();
        if (reply?.Error != ChubbyError.Ok || _stop.IsCancellationRequested)
            return false;
        var isNewMaster = reply.Epoch != _epoch;
        if (isNewMaster)
        {
            lock (_gate)
                (_epoch, _taken) = (reply.Epoch, 0);
            client.FailedOver();
        }
        Take(reply, sentAt);
        return true;
    }

    private void Take(CallReply reply, long sentAt)
    {
        var fields = new JuteReader(reply.Fields);
        var (lease, held) = (fields.Int(), fields.Long());
        for (var left = fields.Count(24); left > 0; left--)
        {
            var (number, handle, kind, text) = (fields.Long(), fields.Long(), (ChubbyEvents)fields.Int(), fields.String());
            if (number <= _taken)
                continue;
            _taken = number;
            if (kind == ChubbyEvents.None)
                client.Uncache(text);
            else if (kind == ChubbyEvents.MasterFailedOver)
                client.FailedOver();
            else
                client.Tell(handle, kind, text);
        }
        lock (_gate)
        {
            _lease.Extend(sentAt, TimeSpan.FromMicroseconds(held), TimeSpan.FromMilliseconds(lease), Now);
            _isUsable = true;
        }
        Look();
    }

    private async Task<CallReply?> WithinAsync(Task<CallReply?> call)
    {
        try
        {
            return await call.WaitAsync(options.ConnectTimeout, options.Clock);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    // Time has passed, or a lease came: tells what is new, sets the clock for what is next.
    private void Look()
    {
        SessionState state;
        MemberLink? silent = null;
        bool isNew;
        lock (_gate)
        {
            state = _lease.Look(Now);
            isNew = state != _told;
            _told = state;
            if (state == SessionState.Safe)
                _ready.TrySetResult();
            else if (isNew)
                (silent, _isUsable) = (_link, false);
            if (state == SessionState.Expired)
                _ready.TrySetResult();
            else if (!_stop.IsCancellationRequested && _lease.NextLook != long.MaxValue)
                _timer?.Change(TimeSpan.FromTicks(Math.Max(1, _lease.NextLook - Now)), Timeout.InfiniteTimeSpan);
        }
        silent?.Break();
        if (isNew)
            client.Changed(state);
    }
}
