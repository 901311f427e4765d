using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>Carries out a Range: what lives at a revision, filtered, sorted, cut.</summary>
internal static class RangeReader
{
    /// <param name="keys">The store.</param>
    /// <param name="request">Checked.</param>
    /// <param name="now">The revision that is the latest to the reader.</param>
    public static RangeResponse Read(KeyStore keys, RangeRequest request, long now)
    {
        var revision = keys.Readable(request.Revision, now);
        var response = new RangeResponse { Header = new ResponseHeader { Revision = now } };
        var found = keys.Live(new KeyRange(request.Key, request.RangeEnd), revision);
        if (request.CountOnly)
        {
            response.Count = found.LongCount();
            return response;
        }
        var isPlain = request is { SortOrder: RangeRequest.Types.SortOrder.None, SortTarget: RangeRequest.Types.SortTarget.Key }
            && !HasBounds(request);
        List<KeyValue> kvs = [];
        foreach (var version in found)
        {
            response.Count++;
            if (!isPlain || request.Limit <= 0 || kvs.Count <= request.Limit)
                kvs.Add(version.Kv);
        }
        if (HasBounds(request))
            kvs.RemoveAll(kv => !IsInBounds(kv, request));
        kvs = Sorted(kvs, request);
        if (request.Limit > 0 && kvs.Count > request.Limit)
        {
            kvs.RemoveRange((int)request.Limit, kvs.Count - (int)request.Limit);
            response.More = true;
        }
        response.Kvs.AddRange(request.KeysOnly ? kvs.Select(WithoutValue) : kvs);
        return response;
    }

    private static bool HasBounds(RangeRequest r) =>
        (r.MinModRevision | r.MaxModRevision | r.MinCreateRevision | r.MaxCreateRevision) != 0;

    private static bool IsInBounds(KeyValue kv, RangeRequest r) =>
        (r.MinModRevision == 0 || kv.ModRevision >= r.MinModRevision)
        && (r.MaxModRevision == 0 || kv.ModRevision <= r.MaxModRevision)
        && (r.MinCreateRevision == 0 || kv.CreateRevision >= r.MinCreateRevision)
        && (r.MaxCreateRevision == 0 || kv.CreateRevision <= r.MaxCreateRevision);

    // A target without an order sorts upwards, as etcd has it; keys come in their order.
    private static List<KeyValue> Sorted(List<KeyValue> kvs, RangeRequest request)
    {
        var isDescending = request.SortOrder == RangeRequest.Types.SortOrder.Descend;
        Comparison<KeyValue>? order = request.SortTarget switch
        {
            RangeRequest.Types.SortTarget.Version => (x, y) => x.Version.CompareTo(y.Version),
            RangeRequest.Types.SortTarget.Create => (x, y) => x.CreateRevision.CompareTo(y.CreateRevision),
            RangeRequest.Types.SortTarget.Mod => (x, y) => x.ModRevision.CompareTo(y.ModRevision),
            RangeRequest.Types.SortTarget.Value => (x, y) => KeyOrder.Compare(x.Value, y.Value),
            _ when isDescending => (x, y) => KeyOrder.Compare(x.Key, y.Key),
            _ => null,
        };
        if (order is null)
            return kvs;
        var comparer = Comparer<KeyValue>.Create(order);
        return [.. isDescending ? kvs.OrderByDescending(kv => kv, comparer) : kvs.OrderBy(kv => kv, comparer)];
    }

    private static KeyValue WithoutValue(KeyValue kv) => new()
    {
        Key = kv.Key,
        CreateRevision = kv.CreateRevision,
        ModRevision = kv.ModRevision,
        Version = kv.Version,
        Lease = kv.Lease,
    };
}
