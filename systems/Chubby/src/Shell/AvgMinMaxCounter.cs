using System.Globalization;

namespace Microcosm.Chubby;

/// <summary>Numbers that came one by one: of ZooKeeper's counters the one of that name.</summary>
internal sealed class AvgMinMaxCounter
{
    public long Count { get; private set; }

    public long Sum { get; private set; }

    /// <summary>0 while there is none, as <see cref="Max"/> and <see cref="Last"/>.</summary>
    public long Min { get; private set; }

    public long Max { get; private set; }

    public long Last { get; private set; }

    /// <summary>To four places, as ZooKeeper prints it: <c>0.0</c>, <c>12.6667</c>.</summary>
    public string Average => (Count == 0 ? 0 : Math.Round((double)Sum / Count, 4, MidpointRounding.AwayFromZero))
        .ToString("0.0###", CultureInfo.InvariantCulture);

    public void Add(long value)
    {
        Min = Count == 0 ? value : Math.Min(Min, value);
        Max = Count == 0 ? value : Math.Max(Max, value);
        (Last, Count, Sum) = (value, Count + 1, Sum + value);
    }

    public void Reset() => (Count, Sum, Min, Max, Last) = (0, 0, 0, 0, 0);
}
