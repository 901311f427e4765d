using System.Text;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>Where a server listens. One call at a time.</summary>
internal sealed class Listeners(IHttpNetwork network)
{
    private const uint ForAll = 0b110_110_110;

    private readonly Dictionary<ListenPoint, IHttpListener> _open = [];
    private bool _isPaused;

    /// <summary>Sockets of the process before, which are taken first; null for none.</summary>
    public InheritedSockets? Inherited { get; set; }

    /// <summary>Another process has the sockets too: their paths stay when they are closed here.</summary>
    public bool LeavesPaths { get; set; }

    /// <summary>The sockets, for a process that takes over.</summary>
    public IReadOnlyList<int> Descriptors => [.. _open.Values.SelectMany(l => l.Descriptors)];

    /// <summary>Listens where it does not yet. Throws <see cref="IOException"/> for an address that cannot be listened on; what was new is
    /// closed then.</summary>
    public async Task OpenAsync(IEnumerable<ListenRequest> wanted)
    {
        var added = new HashSet<ListenPoint>();
        try
        {
            foreach (var request in wanted.Where(r => !_open.ContainsKey(r.Point)))
            {
                _open.Add(request.Point, await OpenAsync(request));
                added.Add(request.Point);
            }
        }
        catch
        {
            await CloseAsync(added.Contains);
            throw;
        }
    }

    /// <summary>Gives up addresses.</summary>
    public async Task CloseAsync(Func<ListenPoint, bool> which)
    {
        foreach (var point in _open.Keys.Where(which).ToArray())
        {
            await _open[point].CloseAsync();
            _open.Remove(point);
            // A socket's path stays where nobody removes it, and is in use then.
            if (point.Address.Path is { } path && !LeavesPaths)
                FileChanges.Delete(Encoding.UTF8.GetBytes(path));
        }
    }

    /// <summary>Takes nobody in for now.</summary>
    public async Task PauseAsync()
    {
        if (_isPaused)
            return;
        _isPaused = true;
        foreach (var listener in _open.Values)
            await listener.PauseAsync();
    }

    /// <summary>Goes on where it was paused.</summary>
    public async Task ResumeAsync()
    {
        if (!_isPaused)
            return;
        _isPaused = false;
        foreach (var listener in _open.Values)
            await listener.ResumeAsync();
    }

    private async Task<IHttpListener> OpenAsync(ListenRequest request)
    {
        var (point, given) = (request.Point, Inherited?.Take(request.Point) ?? []);
        var (end, options) = (UpstreamServers.EndPointOf(point.Address), OptionsOf(request.Options) with { Descriptors = given });
        var listener = point.IsUdp ? await network.ListenDatagramsAsync(end, options, request.Peers!)
            : await network.ListenAsync(end, options, request.Sessions);
        if (point.Address.Path is { } path && given.Count == 0)
            _ = ProcessCalls.ChangeMode(path, ForAll);
        return listener;
    }

    private static Runtime.ListenOptions OptionsOf(ListenOptions options) => new()
    {
        Backlog = options.Backlog, ReusePort = options.IsReusePort, DeferAccept = options.IsDeferred, Ipv6Only = options.IsIpv6Only,
        ReceiveBufferBytes = (int)Math.Max(0, options.ReceiveBufferBytes),
        SendBufferBytes = (int)Math.Max(0, options.SendBufferBytes),
        FastOpen = Math.Max(0, options.FastOpen),
        KeepAlive = options.KeepAlive is { } probes
            ? new KeepAliveProbes(probes.IsOn, (int)probes.IdleSeconds, (int)probes.IntervalSeconds, probes.Count) : null,
    };
}
