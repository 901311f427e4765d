using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// A request's use of a cache (ngx_http_cache_t): looks for its response, says what is to be done, and later keeps a new one. Invariants:
/// it uses one entry at a time and leaves it once; who is to make a response makes it, or says that it did not, by <see cref="Close"/>.
/// </summary>
internal sealed class CacheUse
{
    private readonly HttpRequest _request;
    private readonly ResponseCache _cache;
    private readonly CacheKey _mainKey;
    private readonly byte[] _keyText;
    private readonly long _minUses;
    private readonly CacheUse? _before;
    private bool _isHandedOver;
    private CacheEntry? _entry;
    private OpenFile? _file;

    public CacheUse(HttpRequest request, ResponseCache cache, byte[] keyText)
    {
        (_request, _cache, _keyText) = (request, cache, keyText);
        _mainKey = CacheKey.Of(keyText);
        _minUses = request.Level.Get(ProxyCacheModule.MinUses);
        _before = request.CacheUpdate;
    }

    public ReadOnlySpan<byte> KeyText => _keyText;

    public ResponseCache Cache => _cache;

    /// <summary>What was found; null for nothing.</summary>
    public CachedHead? Head { get; private set; }

    /// <summary>The failure that stands for the response.</summary>
    public int Error { get; private set; }

    /// <summary>It may be used while somebody else makes it anew, as it says itself.</summary>
    public bool IsUsableWhileUpdated => Head is { } head && head.ValidUntil + head.UpdatingSeconds >= Now;

    /// <summary>It may be used where it cannot be made anew, as it says itself.</summary>
    public bool IsUsableOnError => Head is { } head && head.ValidUntil + head.ErrorSeconds >= Now;

    private long Now => _request.Worker.Http.Clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Looks for the response.</summary>
    public CacheLookup Open()
    {
        _entry ??= _cache.Enter(_mainKey, Now);
        if (_cache.ErrorOf(_entry, Now) is var error and not 0)
        {
            Error = error;
            return CacheLookup.Error;
        }
        if (!TryRead(_entry, isVariant: false))
            return _entry.Uses >= _minUses ? CacheLookup.Miss : CacheLookup.Scarce;
        if (Head!.ValidUntil >= Now)
            return CacheLookup.Hit;
        return _cache.TryLock(_entry, this, _before, _request.Worker.Http.Deadlines.NowMs, lockMs: 0)
            ? CacheLookup.Stale : CacheLookup.Updating;
    }

    /// <summary>Enters the cache without looking: what was bypassed is kept all the same.</summary>
    public void EnterOnly() => _entry ??= _cache.Enter(_mainKey, Now);

    /// <summary>True: this request is to make the response.</summary>
    public bool TryLock(long lockMs) => _cache.TryLock(_entry!, this, _before, _request.Worker.Http.Deadlines.NowMs, lockMs);

    /// <summary>Is told when the response is made, or not; false: nobody makes it.</summary>
    public bool TryWait(Action made) => _cache.TryWait(_entry!, made);

    public void StopWaiting(Action made) => _cache.StopWaiting(_entry!, made);

    /// <summary>Another request makes the response in this one's place.</summary>
    public void HandOver(HttpRequest heir)
    {
        _isHandedOver = true;
        heir.CacheUpdate = this;
    }

    /// <summary>Where the file of a response grows.</summary>
    /// <param name="proxyFolder">The proxy's own.</param>
    public TempPath TempFolder(TempPath proxyFolder) => _cache.Store.UsesTempPath ? proxyFolder
        : new TempPath(Path.GetDirectoryName(_entry!.Key.PathIn(_cache.Store))!, [], "");

    /// <summary>The file with the body; it is the caller's.</summary>
    public OpenFile TakeFile()
    {
        var file = _file!;
        _file = null;
        return file;
    }

    /// <summary>Prepares to keep a response: a head, and a file for it.</summary>
    public CacheWriter Begin(CachedHead head, TempFile file)
    {
        // A variant whose fields do not tell it apart any more is kept under the main key again.
        if (_entry!.Key != _mainKey && (head.Vary.Length == 0 || head.Variant != _entry.Key))
            Switch(_mainKey);
        file.Append(head.Write());
        return new CacheWriter(this, file);
    }

    /// <summary>A head for the response of a server.</summary>
    public CachedHead HeadOf(UpstreamExchange upstream, CacheFreshness freshness, long validUntil)
    {
        var fields = new HeaderList();
        var headers = upstream.ResponseHeaders;
        for (var i = 0; i < headers.Count; i++)
            fields.Add(headers[i]);
        var isWhole = upstream.Status is 200 or 206;
        return new CachedHead
        {
            ValidUntil = validUntil, UpdatingSeconds = freshness.UpdatingSeconds, ErrorSeconds = freshness.ErrorSeconds, Date = Now,
            LastModified = isWhole ? Conditions.Seconds(headers[KnownHeader.LastModified]) ?? -1 : -1,
            Key = _keyText, Vary = freshness.Vary, ETag = isWhole ? headers[KnownHeader.ETag].ToArray() : [],
            Variant = freshness.Vary.Length == 0 ? _mainKey : Variants.Of(_mainKey, freshness.Vary, _request.Exchange.RequestHeaders),
            Status = upstream.Status, StatusLine = upstream.StatusLine.ToArray(), Headers = fields,
        };
    }

    /// <summary>The file is whole: it is the response from now on. Throws <see cref="IOException"/>.</summary>
    public void Keep(TempFile file)
    {
        _cache.Put(_entry!, file.Path, file.Length);
        Close();
    }

    /// <summary>What there is holds on, until another time.</summary>
    public void Renew(long validUntil, CacheFreshness? freshness)
    {
        var head = Head!;
        (head.ValidUntil, head.Date) = (validUntil, Now);
        if (freshness is not null)
            (head.UpdatingSeconds, head.ErrorSeconds) = (freshness.UpdatingSeconds, freshness.ErrorSeconds);
        CacheFiles.WriteOpening(_entry!.Key.PathIn(_cache.Store), head.WriteOpening());
    }

    /// <summary>A failure stands for the response for a while.</summary>
    public void KeepError(int status, long until) => _cache.PutError(_entry!, status, until);

    /// <summary>Done; again does nothing.</summary>
    public void Close()
    {
        _file?.Release();
        _file = null;
        if (_entry is { } entry)
            _cache.Leave(entry, _isHandedOver ? _request : this);
        _entry = null;
    }

    private bool TryRead(CacheEntry entry, bool isVariant)
    {
        var path = Latin1.Bytes(entry.Key.PathIn(_cache.Store));
        if (StaticFiles.Open(path, out var facts) is not { } file)
        {
            if (entry.Exists)
                _cache.Lost(entry);
            return false;
        }
        if (CachedHead.Read(file) is not { } head || !head.Key.AsSpan().SequenceEqual(_keyText))
        {
            _request.LogError(LogLevel.Crit, $"cache file \"{Latin1.Text(path)}\" contains invalid header");
            file.Release();
            return false;
        }
        if (head.Vary.Length > 0)
        {
            var variant = Variants.Of(_mainKey, head.Vary, _request.Exchange.RequestHeaders);
            if (variant != head.Variant)
            {
                file.Release();
                if (isVariant)
                    return false;
                Switch(variant);
                return TryRead(_entry!, isVariant: true);
            }
        }
        _cache.Found(entry, facts.Length);
        (Head, _file) = (head, file);
        BodyLength = facts.Length - head.BodyStart;
        return true;
    }

    /// <summary>Bytes of the body that was found.</summary>
    public long BodyLength { get; private set; }

    private void Switch(CacheKey key)
    {
        _cache.Leave(_entry!, this);
        _entry = _cache.Enter(key, Now);
    }
}
