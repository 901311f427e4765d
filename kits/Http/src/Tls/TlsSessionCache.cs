using System.Runtime.InteropServices;

namespace Microcosm.Http;

/// <summary>
/// Sessions of servers, by id, which several contexts share and which outlives them (ssl_session_cache shared:). What does not fit drives
/// out the oldest. Thread-safe: all loops use one.
/// </summary>
public sealed class TlsSessionCache
{
    // nginx counts 4000 sessions a megabyte: what a session costs beside its own bytes.
    private const int EntryBytes = 128;
    private const int SessionBytesMax = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<SessionId, LinkedListNode<Entry>> _byId = [];
    private readonly LinkedList<Entry> _byAge = new();
    private readonly TimeProvider _clock;
    private readonly long _bytesMax;
    private long _bytes;

    /// <summary>An empty cache.</summary>
    /// <param name="bytesMax">Room for sessions, in bytes.</param>
    /// <param name="ticketSeconds">How long a ticket of its keys may be used.</param>
    public TlsSessionCache(long bytesMax, TimeProvider clock, int ticketSeconds = 300)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesMax);
        OpenSsl.Require();
        (_bytesMax, _clock) = (bytesMax, clock);
        TicketKeys = new TlsTicketKeys(clock, ticketSeconds);
    }

    /// <summary>Keys that the contexts encrypt tickets by, unless they have others; changed now and then.</summary>
    public TlsTicketKeys TicketKeys { get; }

    /// <summary>Sessions that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _byId.Count;
        }
    }

    private long NowSeconds => _clock.GetUtcNow().ToUnixTimeSeconds();

    internal void Keep(ReadOnlySpan<byte> id, byte[] session, int seconds)
    {
        if (session.Length > SessionBytesMax || !SessionId.TryRead(id, out var key))
            return;
        var entry = new Entry(key, session, NowSeconds + seconds);
        lock (_gate)
        {
            Remove(key);
            for (var i = 0; i < 2 && _byAge.Last is { } oldest && oldest.Value.ExpiresSeconds <= NowSeconds; i++)
                Remove(oldest.Value.Id);
            _byId[key] = _byAge.AddFirst(entry);
            _bytes += entry.Bytes;
            while (_bytes > _bytesMax && _byAge.Last is { } oldest)
                Remove(oldest.Value.Id);
        }
    }

    /// <summary>A session as OpenSSL has written it; null where there is none.</summary>
    internal byte[]? Find(ReadOnlySpan<byte> id)
    {
        if (!SessionId.TryRead(id, out var key))
            return null;
        lock (_gate)
        {
            if (!_byId.TryGetValue(key, out var node))
                return null;
            if (node.Value.ExpiresSeconds > NowSeconds)
                return node.Value.Session;
            Remove(key);
            return null;
        }
    }

    internal void Forget(ReadOnlySpan<byte> id)
    {
        if (!SessionId.TryRead(id, out var key))
            return;
        lock (_gate)
            Remove(key);
    }

    private void Remove(SessionId id)
    {
        if (!_byId.Remove(id, out var node))
            return;
        _byAge.Remove(node);
        _bytes -= node.Value.Bytes;
    }

    private sealed record Entry(SessionId Id, byte[] Session, long ExpiresSeconds)
    {
        public long Bytes => Session.Length + EntryBytes;
    }

    private readonly record struct SessionId(ulong A, ulong B, ulong C, ulong D, int Length)
    {
        private const int BytesMax = 32;

        public static bool TryRead(ReadOnlySpan<byte> id, out SessionId read)
        {
            read = default;
            if (id.Length is 0 or > BytesMax)
                return false;
            Span<byte> padded = stackalloc byte[BytesMax];
            padded.Clear();
            id.CopyTo(padded);
            var parts = MemoryMarshal.Cast<byte, ulong>(padded);
            read = new SessionId(parts[0], parts[1], parts[2], parts[3], id.Length);
            return true;
        }
    }
}
