using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>The watches of one stream, and what waits to be sent on it.</summary>
internal sealed class WatchStream(EtcdCall call) : IWatchSink, IDisposable
{
    // Watches hold back beyond this: a client that does not read costs no more.
    private const int QueueBytesMax = 4 << 20;

    // etcd has its gRPC library's words around its own here.
    private const string Denied = "rpc error: code = PermissionDenied desc = etcdserver: permission denied";
    private const string DuplicateId = "mvcc: duplicate watch ID provided on the WatchStream";
    private const string EmptyRange = "mvcc: watcher range is empty";

    private readonly Dictionary<long, Watcher> _watchers = [];
    private readonly Queue<WatchResponse> _queue = new();
    private TaskCompletionSource _isDue = new();
    private long _queuedBytes;
    private long _nextId;
    private bool _isEnded;

    public bool IsFull => _queuedBytes > QueueBytesMax;

    /// <summary>The client is gone.</summary>
    public bool IsBroken { get; private set; }

    private EtcdMember Member => call.Member;

    public void Take(WatchResponse response)
    {
        // The hub has dropped a watch that fell behind a compaction.
        if (response.CompactRevision != 0)
            _watchers.Remove(response.WatchId);
        _queue.Enqueue(response);
        _queuedBytes += response.CalculateSize();
        _isDue.TrySetResult();
    }

    public void Take(WatchRequest request)
    {
        switch (request.RequestUnionCase)
        {
            case WatchRequest.RequestUnionOneofCase.CreateRequest:
                Create(request.CreateRequest);
                break;
            case WatchRequest.RequestUnionOneofCase.CancelRequest when _watchers.Remove(request.CancelRequest.WatchId, out var watcher):
                Member.Hub.Remove(watcher);
                Take(Response(watcher.Id, r => r.Canceled = true));
                break;
            case WatchRequest.RequestUnionOneofCase.ProgressRequest:
                // Behind all that waits: the client has seen everything up to it.
                Take(Response(-1));
                break;
            default:
                // etcd ignores what it does not know here, and cancels of watches that are gone.
                break;
        }
    }

    /// <summary>Sends until the stream ends.</summary>
    public async Task SendAsync()
    {
        try
        {
            while (true)
            {
                while (_queue.TryDequeue(out var response))
                {
                    await call.Responses!.WriteAsync(Member.Seal(response), call.Cancellation);
                    _queuedBytes -= response.CalculateSize();
                    if (_queue.Count == 0)
                        Member.Hub.CatchUp(this);
                }
                if (_isEnded)
                    return;
                await _isDue.Task;
                _isDue = new TaskCompletionSource();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Writing fails in all these ways once the client has gone.
            IsBroken = true;
        }
    }

    public void End()
    {
        Dispose();
        _isEnded = true;
        _isDue.TrySetResult();
    }

    public void Dispose()
    {
        foreach (var watcher in _watchers.Values)
            Member.Hub.Remove(watcher);
        _watchers.Clear();
    }

    private void Create(WatchCreateRequest asked)
    {
        var request = asked.Clone();
        // No key is meant to be the smallest one.
        if (request.Key.IsEmpty)
            request.Key = Google.Protobuf.ByteString.CopyFrom(0);
        var range = new KeyRange(request.Key, request.RangeEnd);
        var isAllowed = IsAllowed(range);
        var refusal = !isAllowed ? Denied
            : range.IsVoid ? EmptyRange
            : request.WatchId != 0 && _watchers.ContainsKey(request.WatchId) ? DuplicateId : null;
        if (refusal is not null)
        {
            Take(Response(isAllowed ? -1 : request.WatchId, r =>
            {
                (r.Created, r.Canceled, r.CancelReason) = (true, true, refusal);
            }));
            return;
        }
        var id = request.WatchId;
        while (id == 0 && _watchers.ContainsKey(_nextId))
            _nextId++;
        if (id == 0)
            id = _nextId++;
        Take(Response(id, r => r.Created = true));
        var watcher = new Watcher(this, id, request);
        _watchers.Add(id, watcher);
        Member.Hub.Add(watcher, request.StartRevision);
    }

    private bool IsAllowed(KeyRange range)
    {
        try
        {
            call.Auth.Check(call.Access(), range, Permission.Types.Type.Read);
            return true;
        }
        catch (EtcdException)
        {
            return false;
        }
    }

    private WatchResponse Response(long id, Action<WatchResponse>? with = null)
    {
        var response = new WatchResponse { Header = Member.Store.Header(), WatchId = id };
        with?.Invoke(response);
        return response;
    }
}
