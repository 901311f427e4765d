using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>What upstream servers were asked for a request, and what they said.</summary>
internal sealed class UpstreamTrace
{
    private List<UpstreamAttempt>? _attempts;
    private HeaderList? _headers;
    private HeaderList? _trailers;

    /// <summary>Where the request goes, or went last; null before.</summary>
    public ProxyDestination? Destination { get; set; }

    /// <summary>Target of the last try.</summary>
    public byte[] Target { get; set; } = [];

    /// <summary>Server and target of the last try, as the error log shows them (of gRPC the server alone); null before.</summary>
    public string? Url => _attempts is not { Count: > 0 } ? null
        : $"{Destination!.Scheme}{_attempts[^1].Peer}{(Destination.IsGrpc ? "" : Latin1.Text(Target))}";

    /// <summary>What a cache has to do with it; null for nothing.</summary>
    public ProxyCaching? Caching { get; set; }

    /// <summary>All tries, in order.</summary>
    public List<UpstreamAttempt> Attempts => _attempts ??= [];

    /// <summary>Fields of the last response; empty unless a variable of the configuration may ask for them.</summary>
    public HeaderList Headers => _headers ??= new HeaderList();

    /// <summary>Gives memory back.</summary>
    public void Release()
    {
        _headers?.Clear();
        _trailers?.Clear();
    }

    /// <summary>Fields behind its body.</summary>
    public HeaderList Trailers => _trailers ??= new HeaderList();
}
