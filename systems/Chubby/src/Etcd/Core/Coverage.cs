using Google.Protobuf;

namespace Microcosm.Chubby.Etcd;

/// <summary>Whether ranges together cover another one, as etcd joins the permissions of a user.</summary>
internal static class Coverage
{
    public static bool IsCovered(KeyRange wanted, IEnumerable<KeyRange> ranges)
    {
        if (wanted.IsOne)
            return ranges.Any(r => r.Contains(wanted.Key));
        var reached = wanted.Key;
        foreach (var range in ranges.OrderBy(r => r.Key, KeyOrder.Bytes))
        {
            if (KeyOrder.Compare(range.Key, reached) > 0)
                return false;
            if (range.IsEndless)
                return true;
            // The smallest key behind a single one is that with a zero byte added.
            var end = range.IsOne ? ByteString.CopyFrom([.. range.Key.Span, 0]) : range.End;
            if (KeyOrder.Compare(end, reached) > 0)
                reached = end;
            if (!wanted.IsEndless && KeyOrder.Compare(reached, wanted.End) >= 0)
                return true;
        }
        return false;
    }
}
