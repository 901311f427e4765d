using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// What a request that is passed on has to do with a cache (the cache's part of ngx_http_upstream): whether a response is there, whether an
/// old one will do, whether a new one is kept.
/// </summary>
internal sealed class ProxyCaching
{
    private const long Updating = 1 << 12;

    private static readonly string[] MethodNames = ["GET", "HEAD", "POST"];

    private readonly HttpRequest _request;
    private readonly ProxySettings _settings;
    private readonly Level _level;
    private readonly CacheUse _use;
    private readonly Action<CacheDecision> _decided;
    private CacheWait? _wait;
    private CacheFreshness? _freshness;
    private bool _isLockGivenUp;

    private ProxyCaching(HttpRequest request, ProxySettings settings, CacheUse use, Action<CacheDecision> decided) =>
        (_request, _settings, _level, _use, _decided) = (request, settings, settings.Level, use, decided);

    /// <summary>As <c>$upstream_cache_status</c> shows it.</summary>
    public string Status { get; private set; } = "MISS";

    /// <summary>The response will be kept, as far as is known.</summary>
    public bool IsCacheable { get; private set; } = true;

    public CacheUse Use => _use;

    /// <summary>HEAD is asked as GET, to have something to keep.</summary>
    public bool AsksByGet => _request.Method == HttpMethod.Head && _level.Get(ProxyCacheModule.ConvertHead);

    /// <summary>An old response is there, and the server is asked whether it still holds.</summary>
    public CachedHead? Revalidated => Status == "EXPIRED" && _level.Get(ProxyCacheModule.Revalidate) ? _use.Head : null;

    private long Now => _request.Worker.Http.Clock.GetUtcNow().ToUnixTimeSeconds();

    private bool UsesStaleWhileUpdated =>
        ((_level.Get(ProxyCacheModule.UseStale) & Updating) != 0 || _use.IsUsableWhileUpdated) && _request.CacheUpdate is null;

    /// <summary>
    /// Null: there is no cache for this request; where <paramref name="isBad"/>, since its name is none, which is logged. Otherwise
    /// <paramref name="decided"/> is told what is to be done, at once or later.
    /// </summary>
    public static ProxyCaching? TryBegin(HttpRequest request, ProxySettings settings, ProxyDestination destination,
        ReadOnlySpan<byte> uri, Action<CacheDecision> decided, out bool isBad)
    {
        isBad = false;
        if (settings.Cache is not { IsOff: false } configured || !MayCache(request, settings.Level))
            return null;
        if (CacheOf(request, configured, out isBad) is not { } cache)
            return null;
        var key = settings.Level.Get(ProxyCacheModule.Key) is { } value ? value.Evaluate(request.Values).ToArray()
            : [.. Latin1.Bytes(destination.Scheme + destination.HostHeader), .. uri];
        return new ProxyCaching(request, settings, new CacheUse(request, cache, key), decided);
    }

    /// <summary>Looks into the cache.</summary>
    public void Look()
    {
        if (AnyHolds(ProxyCacheModule.Bypass))
        {
            Status = "BYPASS";
            _decided(CacheDecision.Ask);
            return;
        }
        var found = _use.Open();
        switch (found)
        {
            case CacheLookup.Hit:
                Status = "HIT";
                _decided(CacheDecision.Use);
                break;
            case CacheLookup.Error:
                Status = "HIT";
                _decided(CacheDecision.Fail);
                break;
            case CacheLookup.Stale when UsesStaleWhileUpdated && _level.Get(ProxyCacheModule.BackgroundUpdate) && TryUpdateInBackground():
                Status = "STALE";
                _decided(CacheDecision.Use);
                break;
            case CacheLookup.Updating when UsesStaleWhileUpdated:
                Status = "UPDATING";
                _decided(CacheDecision.Use);
                break;
            case CacheLookup.Stale or CacheLookup.Updating:
                Status = "EXPIRED";
                Ask();
                break;
            case CacheLookup.Miss when _level.Get(ProxyCacheModule.Lock) && !_use.TryLock(_level.Get(ProxyCacheModule.LockAge)):
                Wait();
                break;
            default:
                IsCacheable = found != CacheLookup.Scarce;
                Ask();
                break;
        }
    }

    /// <summary>True: an old response is used because of this failure.</summary>
    /// <param name="isStatus">It is a status that no other server is asked for: what the old response says of errors is not meant.</param>
    public bool UsesStaleOn(long reason, bool isStatus = false)
    {
        if (Status != "EXPIRED" || ((_level.Get(ProxyCacheModule.UseStale) & reason) == 0 && (isStatus || !_use.IsUsableOnError)))
            return false;
        Status = "STALE";
        return true;
    }

    /// <summary>True: the server says that the old response holds; it does so for a while again.</summary>
    public bool Renews(UpstreamExchange upstream)
    {
        if (upstream.Status != 304 || Revalidated is not { } head)
            return false;
        Status = "REVALIDATED";
        var fresh = CacheFreshness.Of(upstream.ResponseHeaders, _settings.IgnoredHeaders, Now);
        if (fresh.ValidUntil == 0)
            fresh = CacheFreshness.Of(head.Headers, _settings.IgnoredHeaders, Now);
        var until = fresh.ValidUntil != 0 ? fresh.ValidUntil : ValidOf(head.Status) is var seconds and > 0 ? Now + seconds : 0;
        if (until != 0)
            _use.Renew(until, fresh);
        return true;
    }

    /// <summary>Minds what a response's fields say of keeping it.</summary>
    public void Read(UpstreamExchange upstream)
    {
        _freshness = CacheFreshness.Of(upstream.ResponseHeaders, _settings.IgnoredHeaders, Now);
        IsCacheable &= _freshness.IsCacheable;
    }

    /// <summary>Begins to keep a response; null where it is not to be kept, or cannot be.</summary>
    public CacheWriter? TryKeep(UpstreamExchange upstream)
    {
        if (AnyHolds(ProxyCacheModule.NoCache))
            IsCacheable = false;
        var until = _freshness!.ValidUntil != 0 ? _freshness.ValidUntil
            : ValidOf(upstream.Status) is var seconds and > 0 ? Now + seconds : 0;
        if (!IsCacheable || until == 0)
        {
            IsCacheable = false;
            _use.Close();
            return null;
        }
        _use.EnterOnly();
        TempFile? file = null;
        try
        {
            file = _request.Worker.TempFiles.Create(_use.TempFolder(_settings.TempFolder));
            return _use.Begin(_use.HeadOf(upstream, _freshness, until), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _request.LogError(LogLevel.Crit, $"a response cannot be kept in the cache: {e.Message}");
            IsCacheable = false;
            file?.Close();
            _use.Close();
            return null;
        }
    }

    /// <summary>The request ends with a status of ours, which may stand for the response for a while.</summary>
    /// <param name="isIntercepted">It is the server's status, with a page of ours.</param>
    public void Fail(int status, bool isIntercepted)
    {
        var until = isIntercepted && _freshness?.ValidUntil is { } given and not 0 ? given
            : ValidOf(status) is var seconds and > 0 ? Now + seconds : 0;
        if (IsCacheable && until != 0 && (isIntercepted || status is 502 or 504))
            _use.KeepError(status, until);
        _use.Close();
    }

    /// <summary>The request needs the cache no more.</summary>
    public void Close()
    {
        _wait?.Stop();
        _use.Close();
    }

    private static bool MayCache(HttpRequest request, Level level)
    {
        var place = Array.IndexOf(MethodNames, Latin1.Text(request.MethodName));
        return place >= 0 && ((level.Get(ProxyCacheModule.Methods) | 0b11) >> place & 1) != 0;
    }

    private static ResponseCache? CacheOf(HttpRequest request, ProxyCache configured, out bool isBad)
    {
        isBad = false;
        if (configured.Zone is { } zone)
            return (ResponseCache)zone.State!;
        var name = Latin1.Text(configured.Name!.Evaluate(request.Values).Span);
        if (name is "" or "off")
            return null;
        foreach (var known in request.Worker.Configuration.Zones)
        {
            if (known.Name == name && known.State is ResponseCache cache)
                return cache;
        }
        request.LogError(LogLevel.Error, $"cache \"{name}\" not found");
        isBad = true;
        return null;
    }

    private bool AnyHolds(Setting<IReadOnlyList<ComplexValue>> conditions)
    {
        foreach (var condition in _level.Get(conditions))
        {
            var value = condition.Evaluate(_request.Values).Span;
            if (!value.IsEmpty && !value.SequenceEqual("0"u8))
                return true;
        }
        return false;
    }

    private long ValidOf(int status)
    {
        foreach (var valid in _level.Get(ProxyCacheModule.Valid))
        {
            if (valid.Status == 0 || valid.Status == status)
                return valid.Seconds;
        }
        return 0;
    }

    private void Ask()
    {
        if (IsCacheable && !IsRangeNear())
            IsCacheable = false;
        _decided(CacheDecision.Ask);
    }

    // A range far into the response is not worth fetching all before it.
    private bool IsRangeNear()
    {
        var max = _level.Get(ProxyCacheModule.MaxRangeOffset);
        var range = _request.Exchange.RequestHeaders[KnownHeader.Range];
        if (range.IsEmpty || max == long.MaxValue)
            return true;
        if (max == 0)
            return false;
        if (range.Length < 7 || !System.Text.Ascii.EqualsIgnoreCase(range[..6], "bytes="u8))
            return true;
        var first = range[6..].TrimStart((byte)' ');
        var digits = first.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        first = digits < 0 ? first : first[..digits];
        return !first.IsEmpty && long.TryParse(first, out var offset) && offset < max;
    }

    // The other request goes on making it, in this one's place.
    private bool TryUpdateInBackground()
    {
        if (Subrequests.BeginCopy(_request, NoSink.Instance, isBackground: true) is not { } update)
            return false;
        _use.HandOver(update);
        return true;
    }

    private void Wait()
    {
        var timeout = _isLockGivenUp ? 0 : _level.Get(ProxyCacheModule.LockTimeout);
        if (timeout == 0)
        {
            IsCacheable = false;
            Ask();
            return;
        }
        _wait ??= new CacheWait(_request, _use, timeout, onMade: Look, onTimeout: () =>
        {
            _request.LogError(LogLevel.Info, "cache lock timeout");
            _isLockGivenUp = true;
            Look();
        });
        _wait.Begin(_level.Get(ProxyCacheModule.LockAge));
    }
}
