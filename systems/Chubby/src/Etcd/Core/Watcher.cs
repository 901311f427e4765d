using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>One watch of a stream.</summary>
internal sealed class Watcher(IWatchSink sink, long id, WatchCreateRequest request)
{
    private readonly bool _noPuts = request.Filters.Contains(WatchCreateRequest.Types.FilterType.Noput);
    private readonly bool _noDeletes = request.Filters.Contains(WatchCreateRequest.Types.FilterType.Nodelete);

    public IWatchSink Sink { get; } = sink;

    public long Id { get; } = id;

    public KeyRange Range { get; } = new(request.Key, request.RangeEnd);

    public bool WantsPrevious { get; } = request.PrevKv;

    public bool WantsProgress { get; } = request.ProgressNotify;

    public bool WantsFragments { get; } = request.Fragment;

    /// <summary>The first revision that it has not been told of.</summary>
    public long NextRevision { get; set; }

    /// <summary>It is told of changes as they come; else it catches up from the log.</summary>
    public bool IsSynced { get; set; }

    /// <summary>It was told something since the last progress notice.</summary>
    public bool IsTold { get; set; }

    /// <summary>What this turn's revision has for it; the hub's own.</summary>
    public List<KeyVersion> Matched { get; } = [];

    public bool Wants(KeyVersion version) =>
        version.Main >= NextRevision && !(version.IsTombstone ? _noDeletes : _noPuts) && Range.Contains(version.Kv.Key);
}
