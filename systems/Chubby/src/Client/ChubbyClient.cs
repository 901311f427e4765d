using Microcosm.Chubby.Cell;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Client;

/// <summary>
/// A client of Chubby's own API with one session (OSDI'06 2): it finds the master, keeps its lease alive, caches what it may, and tells
/// when the session is in jeopardy, safe again or expired. Thread-safe; events are raised one after the other and must not wait.
/// </summary>
public sealed class ChubbyClient : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ChubbyClientOptions _options;
    private readonly SessionKeeper _keeper;
    private readonly SortedDictionary<long, ChubbyHandle> _handles = [];
    private readonly FileCache _cache = new();
    private long _lastHandle;

    private ChubbyClient(ChubbyClientOptions options)
    {
        _options = options;
        _keeper = new SessionKeeper(options, this);
    }

    /// <summary>The session's state changed.</summary>
    public event Action<SessionState>? SessionChanged;

    /// <summary>A new master took over: events may have been lost, and the cache is empty.</summary>
    public event Action? MasterFailedOver;

    /// <summary>The state as the own clock has it.</summary>
    public SessionState State => _keeper.State;

    /// <summary>The session's number.</summary>
    public long SessionId => _keeper.SessionId;

    /// <summary>Reads that were answered without the master.</summary>
    public long CacheHits
    {
        get
        {
            lock (_gate)
                return _cache.Hits;
        }
    }

    /// <summary>Finds the master and opens a session; tries until that is done or cancelled.</summary>
    public static async Task<ChubbyClient> ConnectAsync(ChubbyClientOptions options, CancellationToken cancellation = default)
    {
        var client = new ChubbyClient(options);
        client._keeper.Start();
        try
        {
            await client._keeper.ReadyAsync(cancellation);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a file. Throws <see cref="ChubbyException"/>.</summary>
    /// <param name="path">From the cell's root: <c>/a/b</c>.</param>
    /// <param name="modes">What for, and whether to make it.</param>
    /// <param name="events">What to tell of it.</param>
    /// <param name="lockDelay">At most a minute: for so long nobody else gets the lock if this holder is lost.</param>
    /// <param name="contents">Of a new file.</param>
    /// <param name="acl">Of a new file; its directory's if there is none.</param>
    public async Task<ChubbyHandle> OpenAsync(string path, FileModes modes, ChubbyEvents events = ChubbyEvents.None,
        TimeSpan lockDelay = default, ReadOnlyMemory<byte>? contents = null, IReadOnlyList<FileAcl>? acl = null,
        CancellationToken cancellation = default)
    {
        ChubbyHandle handle;
        lock (_gate)
        {
            handle = new ChubbyHandle(this, ++_lastHandle, path);
            _handles.Add(handle.Id, handle);
        }
        try
        {
            var wish = new OpenFile(0, 0, handle.Id, path, modes, events, (int)lockDelay.TotalMilliseconds, contents?.ToArray(),
                AclText.Parse(acl ?? []));
            var operation = modes.HasFlag(FileModes.Create) ? CallNumber.Create : CallNumber.Open;
            var reply = await CallAsync(operation, wish.WriteTo, path, isRepeatable: true, cancellation: cancellation);
            handle.Opened(reply);
            return handle;
        }
        catch
        {
            Forget(handle);
            throw;
        }
    }

    /// <summary>Asks the master whether a sequencer's lock is still held as it says; what servers do with one they were passed.</summary>
    public async Task<bool> CheckSequencerAsync(Sequencer sequencer, CancellationToken cancellation = default)
    {
        try
        {
            await CallAsync(CallNumber.CheckSequencer, w => CellCodec.Write(w, sequencer), sequencer.Path, isRepeatable: true,
                cancellation: cancellation);
            return true;
        }
        catch (ChubbyException e) when (e.Error == ChubbyError.InvalidSequencer)
        {
            return false;
        }
    }

    /// <summary>Ends the session, if a master can be reached: locks are free at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keeper.StopAsync();
        lock (_gate)
        {
            _cache.Clear();
            _handles.Clear();
        }
    }

    internal async Task<byte[]> CallAsync(int operation, Action<JuteWriter> write, string path, bool isRepeatable,
        Action<byte[]>? seen = null, CancellationToken cancellation = default)
    {
        var writer = new JuteWriter();
        write(writer);
        var fields = writer.ToArray();
        while (true)
        {
            var (link, session, epoch) = await _keeper.ReadyAsync(cancellation);
            // What comes by an earlier master's connection is not to be cached.
            var call = link.CallAsync(operation, session, epoch, fields,
                seen is null ? null : r => _keeper.IfIn(epoch, () => SeeReply(r, seen)));
            var reply = await call.WaitAsync(cancellation);
            switch (reply?.Error ?? ChubbyError.OutcomeUnknown)
            {
                case ChubbyError.Ok:
                    return reply!.Fields;
                case ChubbyError.NotMaster:
                    link.Break();
                    break;
                case ChubbyError.WrongEpoch:
                    await Task.Delay(_options.RetryDelay, _options.Clock, cancellation);
                    break;
                case ChubbyError.OutcomeUnknown when isRepeatable:
                    break;
                case var error:
                    if (error == ChubbyError.SessionExpired)
                        _keeper.Expire();
                    throw new ChubbyException(error, $"{path}: {error}");
            }
        }
    }

    internal FileContents? Cached(string path)
    {
        // In this order: what was in the cache while the lease held was true at that moment. And never one lock inside the other this way.
        if (!_keeper.IsSafeNow)
            return null;
        lock (_gate)
            return _cache.Find(path);
    }

    internal void Cache(string path, FileContents contents) => _cache.Put(path, contents);

    internal void Forget(ChubbyHandle handle)
    {
        lock (_gate)
        {
            _handles.Remove(handle.Id);
            _cache.Forget(handle.Path);
        }
    }

    internal void Uncache(string path)
    {
        lock (_gate)
            _cache.Forget(path);
    }

    internal void Changed(SessionState state)
    {
        if (state != SessionState.Safe)
            ClearCache();
        SessionChanged?.Invoke(state);
    }

    internal void FailedOver()
    {
        if (!Bug.IsPlanted("chubby/cache-kept-at-fail-over"))
            ClearCache();
        MasterFailedOver?.Invoke();
        foreach (var handle in Handles())
            handle.Tell(new ChubbyEvent(ChubbyEvents.MasterFailedOver, handle.Path, ""));
    }

    internal void Tell(long id, ChubbyEvents kind, string child)
    {
        ChubbyHandle? handle;
        lock (_gate)
            handle = _handles.GetValueOrDefault(id);
        handle?.Tell(new ChubbyEvent(kind, handle.Path, child));
    }

    private void SeeReply(CallReply reply, Action<byte[]> seen)
    {
        if (reply.Error != ChubbyError.Ok)
            return;
        lock (_gate)
            seen(reply.Fields);
    }

    private void ClearCache()
    {
        lock (_gate)
            _cache.Clear();
    }

    private ChubbyHandle[] Handles()
    {
        lock (_gate)
            return [.. _handles.Values];
    }
}
