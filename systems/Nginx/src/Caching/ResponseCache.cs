#pragma warning disable RS0030 // cached responses lie in a folder of the machine

namespace Microcosm.Nginx;

/// <summary>
/// The responses of one <c>proxy_cache_path</c>: a file for each, and what is known of them in memory, by last use (ngx_http_file_cache).
/// All workers share it. Thread-safe. Files that another process left are found when they are asked for, and by <see cref="CacheKeeper"/>.
/// </summary>
internal sealed class ResponseCache(CacheStore store, long zoneBytes)
{
    // Bytes of nginx' zone that one key takes.
    private const int BytesPerKey = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, CacheEntry> _entries = [];
    private readonly LinkedList<CacheEntry> _byUse = new();
    private readonly long _entriesMax = Math.Max(1, zoneBytes / BytesPerKey);
    private long _bytes;

    public CacheStore Store { get; } = store;

    /// <summary>Files and keys known.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Bytes of all files that are known.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _bytes;
        }
    }

    /// <summary>The keys that were asked for last, with the bytes of their files and the requests so far.</summary>
    public IReadOnlyList<(CacheKey Key, long Bytes, long Uses)> Last(int most)
    {
        lock (_gate)
            return [.. _byUse.Take(most).Select(e => (e.Key, e.Bytes, e.Uses))];
    }

    /// <summary>A request asks for a key: it uses the entry until <see cref="Leave"/>.</summary>
    public CacheEntry Enter(CacheKey key, long now)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                if (_entries.Count >= _entriesMax)
                    DropOldest();
                entry = new CacheEntry(key);
                entry.Place = _byUse.AddFirst(entry);
                _entries.Add(key, entry);
            }
            else
            {
                _byUse.Remove(entry.Place!);
                _byUse.AddFirst(entry.Place!);
            }
            entry.Uses++;
            entry.Users++;
            entry.InactiveAt = now + Store.InactiveSeconds;
            return entry;
        }
    }

    /// <summary>The failure that stands for a response, or 0.</summary>
    public int ErrorOf(CacheEntry entry, long now)
    {
        lock (_gate)
            return entry.ErrorUntil >= now ? entry.Error : 0;
    }

    /// <summary>Its file is there, as far as is known.</summary>
    public void Found(CacheEntry entry, long bytes)
    {
        lock (_gate)
        {
            if (entry.Exists)
                return;
            (entry.Exists, entry.Bytes) = (true, bytes);
            _bytes += bytes;
        }
    }

    /// <summary>True: <paramref name="updater"/> is to make it; nobody else does until then, or for so long.</summary>
    /// <param name="heir">Whose task becomes the updater's; null for nobody's.</param>
    /// <param name="lockMs">0: whatever the other's time is, it goes on.</param>
    public bool TryLock(CacheEntry entry, object updater, object? heir, long nowMs, long lockMs)
    {
        lock (_gate)
        {
            if (entry.Updater is not null && entry.Updater != heir && (lockMs == 0 || entry.LockedUntilMs > nowMs))
                return false;
            (entry.Updater, entry.LockedUntilMs) = (updater, lockMs == 0 ? entry.LockedUntilMs : nowMs + lockMs);
            return true;
        }
    }

    /// <summary>Waits for who makes it; false: nobody does.</summary>
    public bool TryWait(CacheEntry entry, Action made)
    {
        lock (_gate)
        {
            if (entry.Updater is null)
                return false;
            entry.Waiters.Add(made);
            return true;
        }
    }

    /// <summary>No longer waits.</summary>
    public void StopWaiting(CacheEntry entry, Action made)
    {
        lock (_gate)
            entry.Waiters.Remove(made);
    }

    /// <summary>A file takes the place of what was there. Throws <see cref="IOException"/>; nothing changes then.</summary>
    public void Put(CacheEntry entry, string path, long bytes)
    {
        var place = entry.Key.PathIn(Store);
        try
        {
            File.Move(path, place, overwrite: true);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Move(path, place, overwrite: true);
        }
        lock (_gate)
        {
            _bytes += bytes - entry.Bytes;
            (entry.Exists, entry.Bytes, entry.Error) = (true, bytes, 0);
        }
    }

    /// <summary>A failure stands for the response for a while.</summary>
    public void PutError(CacheEntry entry, int error, long until)
    {
        lock (_gate)
            (entry.Error, entry.ErrorUntil) = (error, until);
    }

    /// <summary>A request is done with an entry, and with making it if it was to.</summary>
    public void Leave(CacheEntry entry, object user)
    {
        Action[] told = [];
        lock (_gate)
        {
            entry.Users--;
            if (entry.Updater == user)
            {
                entry.Updater = null;
                told = [.. entry.Waiters];
                entry.Waiters.Clear();
            }
        }
        foreach (var waiter in told)
            waiter();
    }

    /// <summary>The file of an entry is gone, or is none.</summary>
    public void Lost(CacheEntry entry)
    {
        lock (_gate)
        {
            _bytes -= entry.Bytes;
            (entry.Exists, entry.Bytes) = (false, 0);
        }
    }

    /// <summary>A file that nobody has asked for is known from now on.</summary>
    public void Learn(CacheKey key, long bytes, long now)
    {
        lock (_gate)
        {
            if (_entries.ContainsKey(key) || _entries.Count >= _entriesMax)
                return;
            var entry = new CacheEntry(key) { Exists = true, Bytes = bytes, InactiveAt = now + Store.InactiveSeconds };
            entry.Place = _byUse.AddLast(entry);
            _entries.Add(key, entry);
            _bytes += bytes;
        }
    }

    /// <summary>Forgets and deletes what nobody asked for in time, and the oldest while there is too much; at most so many.</summary>
    public void Trim(long now, int most)
    {
        while (most-- > 0)
        {
            lock (_gate)
            {
                if (_byUse.Last?.Value is not { } oldest)
                    return;
                var isTooMuch = _bytes > Store.BytesMax || (Store.FreeBytesMin > 0 && FreeBytes() < Store.FreeBytesMin);
                if ((!isTooMuch && oldest.InactiveAt >= now) || !DropOldest())
                    return;
            }
        }
    }

    // The oldest that nobody uses. False: there is none among the last few.
    private bool DropOldest()
    {
        var place = _byUse.Last;
        for (var tries = 0; place is not null && tries < 20; tries++, place = place.Previous)
        {
            var entry = place.Value;
            if (entry.Users > 0)
                continue;
            _byUse.Remove(place);
            _entries.Remove(entry.Key);
            _bytes -= entry.Bytes;
            if (entry.Exists)
                Delete(entry.Key.PathIn(Store));
            return true;
        }
        return false;
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is found again, and tried again, later.
        }
    }

    private long FreeBytes()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(Store.Path)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }
}
