using System.Numerics;

namespace Microcosm.Http;

/// <summary>What a shared zone of nginx has room for: its sizes are given in bytes, and its slabs come in powers of two.</summary>
internal static class ZoneBytes
{
    private const long PageBytes = 4096;

    /// <summary>Bytes for keys: one page is the zone's own.</summary>
    public static long Usable(long zoneBytes) => Math.Max(PageBytes, zoneBytes - PageBytes);

    /// <summary>What a key takes.</summary>
    public static long Of(int nodeBytes, int keyBytes) => (long)BitOperations.RoundUpToPowerOf2((uint)(nodeBytes + keyBytes));
}
