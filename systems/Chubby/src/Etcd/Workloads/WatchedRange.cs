using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Etcd;

/// <summary>One watch as its client sees it, over all streams that carried it one after the other.</summary>
internal sealed class WatchedRange(long id, KeyRange range, RevisionFacts facts)
{
    private readonly SortedDictionary<(long Revision, string Key), (string? Value, KeyValue? Previous)> _seen = [];
    private readonly List<(long From, long Below)> _gaps = [];

    public long Id { get; } = id;

    public required bool WantsPrevious { get; init; }

    /// <summary>The first revision that it has not seen.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Asks for all from where it is.</summary>
    public WatchCreateRequest Request() =>
        new() { WatchId = Id, Key = range.Key, RangeEnd = range.End, StartRevision = Next, PrevKv = WantsPrevious };

    public void Take(WatchResponse response)
    {
        if (response.CompactRevision != 0)
        {
            if (response.CompactRevision <= Next)
                throw Failure($"is told of a compaction at {response.CompactRevision}");
            _gaps.Add((Next, response.CompactRevision));
            Next = response.CompactRevision;
            Probe.Hit("etcd.watches-compacted");
            return;
        }
        if (response.Canceled)
            throw Failure("is ended: " + response.CancelReason);
        foreach (var told in response.Events)
            Take(told, response.Header.Revision);
        // A response without events says that all up to its revision was told.
        if (response.Events.Count > 0)
            Next = response.Events[^1].Kv.ModRevision + 1;
        else if (!response.Created)
            Next = Math.Max(Next, response.Header.Revision + 1);
    }

    /// <summary>All that anybody knows of up to a revision was seen, but for what it was told to be compacted.</summary>
    public void CheckComplete(long last)
    {
        foreach (var (revision, changes) in facts.Changes.Where(c => c.Key <= last))
        {
            if (_gaps.Exists(g => revision >= g.From && revision < g.Below))
                continue;
            foreach (var key in changes.Keys.Where(k => range.Contains(RevisionFacts.Bytes(k))))
            {
                if (!_seen.ContainsKey((revision, key)))
                    throw new CheckFailedException("etcd.watch.gap", $"watch {Id} did not see '{key}' of revision {revision}");
            }
        }
        foreach (var ((revision, key), (_, previous)) in _seen)
            CheckPrevious(revision, key, previous);
    }

    private void Take(Event told, long revision)
    {
        var (key, at) = (told.Kv.Key.ToStringUtf8(), told.Kv.ModRevision);
        if (at < Next)
            throw Failure($"sees '{key}' of revision {at}");
        if (at > revision || !range.Contains(told.Kv.Key))
            throw Failure($"sees '{key}' of revision {at} in a response of {revision}");
        var value = told.Type == Event.Types.EventType.Delete ? null : told.Kv.Value.ToStringUtf8();
        facts.Saw(at, key, value);
        if (told.PrevKv is { } previous)
            facts.Saw(previous);
        if (_seen.Count > 0 && _seen.Keys.Last() is var last && at < last.Revision)
            throw Failure($"sees revision {at} behind {last.Revision}");
        if (!_seen.TryAdd((at, key), (value, told.PrevKv)))
            throw Failure($"sees '{key}' of revision {at} twice");
        Probe.Hit("etcd.events");
    }

    private void CheckPrevious(long revision, string key, KeyValue? previous)
    {
        var (at, changes) = facts.Changes.LastOrDefault(c => c.Key < revision && c.Value.ContainsKey(key));
        if (previous is not null && (changes is null || at != previous.ModRevision || changes[key] != previous.Value.ToStringUtf8()))
            throw new CheckFailedException("etcd.watch.previous", $"before '{key}' of {revision} is {previous}, not that of {at}");
    }

    private CheckFailedException Failure(string what) => new("etcd.watch.order", $"watch {Id}, which is at {Next}, {what}");
}
