using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>
/// Disjoint ranges of IPv4 addresses, sorted. A range may be put into a larger one, which it splits; it may not overlap one partly. nginx
/// keeps ranges in pieces of 65,536 addresses, and what overlaps is told piece by piece; so it is here.
/// </summary>
internal sealed class GeoRanges
{
    private const uint PieceMask = 0xFFFF;

    private readonly SortedList<uint, Range> _ranges = [];

    /// <summary>A range, both ends included.</summary>
    internal readonly record struct Range(uint From, uint To, byte[] Value);

    public int Count => _ranges.Count;

    /// <summary>Adds; <paramref name="other"/> is the range that it met.</summary>
    public GeoRangeAdded Add(uint from, uint to, byte[] value, out Range other)
    {
        other = default;
        var result = GeoRangeAdded.Added;
        foreach (var (start, end) in Pieces(from, to))
        {
            switch (AddPiece(start, end, value, out var met))
            {
                case GeoRangeAdded.Overlap:
                    other = met;
                    return GeoRangeAdded.Overlap;
                case GeoRangeAdded.Duplicate when result == GeoRangeAdded.Added:
                    (result, other) = (GeoRangeAdded.Duplicate, met);
                    break;
            }
        }
        return result;
    }

    /// <summary>Removes a range that was added with just these ends; false if a part of it is none.</summary>
    public bool Remove(uint from, uint to)
    {
        var all = true;
        foreach (var (start, end) in Pieces(from, to))
        {
            if (_ranges.TryGetValue(start, out var range) && range.To == end)
                _ranges.Remove(start);
            else
                all = false;
        }
        return all;
    }

    /// <summary>The value for an address, or null.</summary>
    public byte[]? Find(uint address)
    {
        var at = LastFrom(address);
        return at >= 0 && _ranges.Values[at].To >= address ? _ranges.Values[at].Value : null;
    }

    public static string Text(uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}");

    private GeoRangeAdded AddPiece(uint from, uint to, byte[] value, out Range met)
    {
        // The last range that begins at or before the new one's end is the only one it can meet first.
        var at = LastFrom(to);
        met = at >= 0 ? _ranges.Values[at] : default;
        if (at < 0 || met.To < from)
        {
            _ranges.Add(from, new Range(from, to, value));
            return GeoRangeAdded.Added;
        }
        if (met.From == from && met.To == to)
        {
            _ranges[from] = new Range(from, to, value);
            return GeoRangeAdded.Duplicate;
        }
        if (from < met.From || to > met.To)
            return GeoRangeAdded.Overlap;
        _ranges.Remove(met.From);
        if (met.From < from)
            _ranges.Add(met.From, met with { To = from - 1 });
        if (to < met.To)
            _ranges.Add(to + 1, met with { From = to + 1 });
        _ranges.Add(from, new Range(from, to, value));
        return GeoRangeAdded.Added;
    }

    private int LastFrom(uint address)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges.Keys[middle] <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    private static IEnumerable<(uint From, uint To)> Pieces(uint from, uint to)
    {
        for (var start = from; ; start = (start | PieceMask) + 1)
        {
            var end = Math.Min(start | PieceMask, to);
            yield return (start, end);
            if (end == to)
                yield break;
        }
    }
}
