namespace Microcosm.Redis;

/// <summary>One database: how many keys of which type and encoding.</summary>
/// <param name="Index">Number as in SELECT.</param>
/// <param name="Keys">All keys.</param>
/// <param name="VolatileKeys">Those with an expiry.</param>
/// <param name="NextExpiryMs">Unix milliseconds of the soonest expiry, or -1.</param>
/// <param name="Encodings">By type and encoding, most keys first.</param>
internal sealed record DatabaseInside(int Index, int Keys, int VolatileKeys, long NextExpiryMs, IReadOnlyList<EncodingInside> Encodings)
{
    public static DatabaseInside Read(Database db)
    {
        var encodings = db.All()
            .Select(e => (Type: TypeNames.Of(e.Type), e.Encoding, e.MemoryBytes))
            .GroupBy(e => (e.Type, e.Encoding))
            .Select(g => new EncodingInside(g.Key.Type, g.Key.Encoding, g.Count(), g.Sum(e => (long)e.MemoryBytes)))
            .OrderByDescending(e => e.Keys).ThenBy(e => e.Type, StringComparer.Ordinal).ThenBy(e => e.Encoding, StringComparer.Ordinal);
        return new DatabaseInside(db.Index, db.Count, db.VolatileCount, db.NextExpiryMs(), [.. encodings]);
    }
}
