namespace Microcosm.Specimen;

/// <summary>What the Inside page shows of one server: a copy, taken on the node's executor in one turn.</summary>
/// <param name="Keys">How many there are.</param>
/// <param name="Connections">Open ones.</param>
/// <param name="LogFirst">Number of the first change in the log.</param>
/// <param name="LogNext">Number that the next change gets.</param>
/// <param name="LogDurable">Changes below this number survive a crash.</param>
internal sealed record SpecimenInside(int Keys, int Connections, long LogFirst, long LogNext, long LogDurable)
{
    public static SpecimenInside Read(KeyTable table, ChangeLog log, int connections)
    {
        var (first, next, durable) = log.Range;
        return new(table.Count, connections, first, next, durable);
    }
}
