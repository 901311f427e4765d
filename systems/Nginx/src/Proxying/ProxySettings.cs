using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>What a level says of proxying, made ready for requests.</summary>
internal sealed class ProxySettings
{
    // Fields that ask for less than the whole response, which is what a cache wants.
    private static readonly string[] Conditional =
        ["If-Modified-Since", "If-Unmodified-Since", "If-None-Match", "If-Match", "Range", "If-Range"];

    private readonly bool _buffers;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _replaced;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _replacedForCache;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _hidden;
    private (ProxyTarget? Target, HeaderRewrite[] Rules) _redirect = (null, []);

    private ProxySettings(Level level, UpstreamSettings upstream, PassedFields fields)
    {
        Level = level;
        NextUpstream = level.Get(upstream.NextUpstream);
        IgnoredHeaders = level.Get(upstream.IgnoreHeaders);
        Headers = [.. level.Get(upstream.SetHeader)];
        var hidden = fields.Hidden.Except(level.Get(upstream.PassHeader), StringComparer.OrdinalIgnoreCase)
            .Concat(level.Get(upstream.HideHeader));
        _hidden = LookupOf(hidden);
        var given = Headers.Select(h => h.Name).Concat(fields.Replaced).ToArray();
        _replaced = LookupOf(given);
        _replacedForCache = LookupOf(given.Concat(Conditional));
        Host = Headers.FirstOrDefault(h => h.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)).Value;
        Defaults = [.. fields.Made.Where(n => !IsGiven(n))];
        Bind = level.Get(upstream.Bind);
        Options = OptionsOf(level, upstream) with { IsHttp2 = fields != PassedFields.Http1 };
        InterceptsErrors = level.Get(upstream.InterceptErrors);
        TempFolder = level.Get(ProxyModule.TempPath)!;
        (TriesMax, NextTimeoutMs) = (level.Get(upstream.NextUpstreamTries), level.Get(upstream.NextUpstreamTimeout));
    }

    private ProxySettings(Level level, HttpVersion version)
        : this(level, ProxyModule.Upstream, version == HttpVersion.Http2 ? PassedFields.Http2 : PassedFields.Http1)
    {
        IsHttp10 = version == HttpVersion.Http10;
        Redirects = level.Get(ProxyRewriteModule.Redirect);
        (SetBody, Method) = (level.Get(ProxyModule.SetBody), level.Get(ProxyModule.Method));
        PassesBody = level.Get(ProxyModule.PassRequestBody);
        PassesHeaders = level.Get(ProxyModule.PassRequestHeaders);
        BuffersRequest = level.Get(ProxyModule.RequestBuffering) || SetBody is not null || !PassesBody;
        PassesTrailers = level.Get(ProxyModule.PassTrailers);
        IgnoresClientAbort = level.Get(ProxyModule.IgnoreClientAbort);
        Cache = level.Get(ProxyCacheModule.Cache);
        Stores = level.Get(ProxyModule.Store) is { IsOn: true };
        ForcesRanges = level.Get(ProxyModule.ForceRanges);
        LimitRate = level.Get(ProxyModule.LimitRate);
        (_buffers, FileBytesMax) = (level.Get(ProxyModule.Buffering), level.Get(ProxyModule.MaxTempFileSize));
    }

    /// <summary>What a level says of proxy_pass.</summary>
    public static ProxySettings OfProxy(Level level) => new(level, level.Get(ProxyModule.HttpVersion));

    /// <summary>What it says of grpc_pass: bodies pass as they come, both ways, and nothing is kept or rewritten.</summary>
    public static ProxySettings OfGrpc(Level level) => new(level, GrpcModule.Upstream, PassedFields.Grpc)
    {
        IsGrpc = true, PassesBody = true, PassesHeaders = true, PassesTrailers = true, Redirects = HeaderRewrites.Off,
    };

    public Level Level { get; }

    public bool IsGrpc { get; private init; }

    /// <summary>Requests are sent as HTTP/1.0.</summary>
    public bool IsHttp10 { get; }

    /// <summary>By the places of <see cref="UpstreamSettings.NextUpstreamWords"/>.</summary>
    public long NextUpstream { get; }

    /// <summary>By the places of <see cref="UpstreamSettings.IgnoreHeaders"/>.</summary>
    public long IgnoredHeaders { get; }

    /// <summary>proxy_set_header, the host included.</summary>
    public NamedValue[] Headers { get; }

    /// <summary>The host that proxy_set_header gives; null for none.</summary>
    public ComplexValue? Host { get; }

    /// <summary>Fields with a value of ours, where proxy_set_header does not have them.</summary>
    public string[] Defaults { get; }

    /// <summary>Null stands for the default.</summary>
    public HeaderRewrites? Redirects { get; private init; }

    /// <summary>The address that connections come from; null for any.</summary>
    public LocalAddress? Bind { get; }

    /// <summary>Time-outs and limits of a connection.</summary>
    public UpstreamOptions Options { get; }

    /// <summary>Sent instead of the client's body; null for none.</summary>
    public ComplexValue? SetBody { get; }

    /// <summary>Sent instead of the client's method; null for none.</summary>
    public ComplexValue? Method { get; }

    public bool PassesBody { get; private init; }

    public bool PassesHeaders { get; private init; }

    /// <summary>The body is read as a whole first.</summary>
    public bool BuffersRequest { get; }

    public bool PassesTrailers { get; private init; }

    public bool IgnoresClientAbort { get; }

    /// <summary>Null for none.</summary>
    public ProxyCache? Cache { get; }

    /// <summary>Bytes a second that are read of a response; null for all that come.</summary>
    public ValueOrSize? LimitRate { get; }

    /// <summary>Responses become files.</summary>
    public bool Stores { get; }

    public bool InterceptsErrors { get; }

    /// <summary>Servers that are tried, at most; 0 for all.</summary>
    public long TriesMax { get; }

    /// <summary>How long others are tried; 0 for ever.</summary>
    public long NextTimeoutMs { get; }

    public bool ForcesRanges { get; }

    /// <summary>Bytes of a response that wait in a temporary file, at most.</summary>
    public long FileBytesMax { get; }

    public TempPath TempFolder { get; }

    /// <summary>Whether a response is buffered; the server may say otherwise.</summary>
    public bool Buffers(HeaderList response)
    {
        var wish = response[KnownHeader.XAccelBuffering];
        if (wish.IsEmpty || IsGrpc || Ignores(3))
            return _buffers;
        return Ascii.EqualsIgnoreCase(wish, "yes"u8) || (_buffers && !Ascii.EqualsIgnoreCase(wish, "no"u8));
    }

    /// <summary>Where an X-Accel-Redirect leads; null for none.</summary>
    public byte[]? RedirectOf(HeaderList response)
    {
        var place = response[KnownHeader.XAccelRedirect];
        return place.IsEmpty || Ignores(0) ? null : place.ToArray();
    }

    /// <summary>Bytes a second by an X-Accel-Limit-Rate; null for none.</summary>
    public long? RateOf(HeaderList response) => !Ignores(2)
        && Utf8Parser.TryParse(response[KnownHeader.XAccelLimitRate], out long rate, out var used) && rate >= 0
        && used == response[KnownHeader.XAccelLimitRate].Length ? rate : null;

    /// <summary>The charset by an X-Accel-Charset; null for none.</summary>
    public string? CharsetOf(HeaderList response) =>
        Ignores(4) || response[KnownHeader.XAccelCharset] is not { IsEmpty: false } charset ? null : Latin1.Text(charset);

    /// <summary>The rules of proxy_redirect, the default one where nothing is said.</summary>
    public IEnumerable<HeaderRewrite> RedirectsOf(ProxyTarget target)
    {
        if (Redirects is not null)
            return Redirects.Rules;
        if (!ReferenceEquals(_redirect.Target, target))
            _redirect = (target, target.Value is null ? [ProxyRewriteModule.DefaultOf(target)] : []);
        return _redirect.Rules;
    }

    /// <summary>True for a field of a response that clients do not see.</summary>
    public bool IsHidden(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[128];
        return name.Length <= text.Length && _hidden.Contains(Latin1.Widen(name, text));
    }

    /// <summary>True for a field of the client's request that is not passed on as it is.</summary>
    public bool IsReplaced(ReadOnlySpan<byte> name, bool isForCache)
    {
        Span<char> text = stackalloc char[128];
        return name.Length <= text.Length && (isForCache ? _replacedForCache : _replaced).Contains(Latin1.Widen(name, text));
    }

    // A field that proxy_ignore_headers has, by its place there.
    private bool Ignores(int place) => (IgnoredHeaders >> place & 1) != 0;

    /// <summary>True for a field that proxy_set_header has.</summary>
    public bool IsGiven(string name) => Headers.Any(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> LookupOf(IEnumerable<string> names) =>
        names.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static UpstreamOptions OptionsOf(Level level, UpstreamSettings upstream)
    {
        var head = (int)Math.Min(int.MaxValue, level.Get(upstream.BufferSize));
        return new UpstreamOptions
        {
            ConnectTimeoutMs = level.Get(upstream.ConnectTimeout), SendTimeoutMs = level.Get(upstream.SendTimeout),
            ReadTimeoutMs = level.Get(upstream.ReadTimeout), HeadLimits = new HeadLimits(head, 0, head),
            Connect = new ConnectOptions
            {
                KeepAlive = level.Get(upstream.SocketKeepAlive), ReceiveBufferBytes = (int)level.Get(upstream.SocketRcvBuf),
                SendBufferBytes = (int)level.Get(upstream.SocketSndBuf),
            },
        };
    }
}
