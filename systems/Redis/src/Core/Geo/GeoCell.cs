namespace Microcosm.Redis;

/// <summary>
/// A cell of the grid that divides the earth's rectangle of longitudes and latitudes by two, <paramref name="Step"/> times each way
/// (G. Niemeyer's geohash, with the latitudes of EPSG:3857). Its number interleaves the bits of both coordinates, latitude first, so that
/// near points have near numbers; at 26 steps it has 52 bits and is a sorted set's score.
/// </summary>
/// <param name="X">Column, from the west.</param>
/// <param name="Y">Row, from the south.</param>
/// <param name="Step">Number of halvings, 1 to 26.</param>
internal readonly record struct GeoCell(uint X, uint Y, int Step)
{
    public const int StepMax = 26;
    public const double LatitudeMax = 85.05112878;
    public const double LongitudeMax = 180;

    private uint Mask => (uint)((1UL << Step) - 1);

    /// <summary>The cell as a number of 52 bits: the least score inside.</summary>
    public ulong Score => Bits << (52 - Step * 2);

    /// <summary>The least score behind the cell.</summary>
    public ulong ScoreEnd => (Bits + 1) << (52 - Step * 2);

    /// <summary>Number of 2 × Step bits.</summary>
    public ulong Bits => Spread(Y) | (Spread(X) << 1);

    /// <summary>The cell around a point.</summary>
    public static GeoCell At(double longitude, double latitude, int step, double latitudeMax = LatitudeMax)
    {
        var cells = (double)(1UL << step);
        var x = (longitude + LongitudeMax) / (LongitudeMax * 2) * cells;
        var y = (latitude + latitudeMax) / (latitudeMax * 2) * cells;
        return new GeoCell((uint)x, (uint)y, step);
    }

    /// <summary>The point that a score stands for: the middle of its cell.</summary>
    public static (double Longitude, double Latitude) Decode(double score)
    {
        var bits = (ulong)score;
        var area = new GeoCell(Gather(bits >> 1), Gather(bits), StepMax).Area();
        var longitude = Math.Clamp((area.West + area.East) / 2, -LongitudeMax, LongitudeMax);
        return (longitude, Math.Clamp((area.South + area.North) / 2, -LatitudeMax, LatitudeMax));
    }

    /// <summary>The cell so many columns east and rows north. Both ways the grid wraps around, as in Redis.</summary>
    public GeoCell Neighbor(int east, int north) => new((uint)(X + east) & Mask, (uint)(Y + north) & Mask, Step);

    public GeoArea Area()
    {
        var cells = (double)(1UL << Step);
        return new GeoArea(
            -LongitudeMax + X / cells * (LongitudeMax * 2),
            -LatitudeMax + Y / cells * (LatitudeMax * 2),
            -LongitudeMax + (X + 1.0) / cells * (LongitudeMax * 2),
            -LatitudeMax + (Y + 1.0) / cells * (LatitudeMax * 2));
    }

    // Moves bit i to bit 2i.
    private static ulong Spread(ulong v)
    {
        v = (v | (v << 16)) & 0x0000ffff0000ffffUL;
        v = (v | (v << 8)) & 0x00ff00ff00ff00ffUL;
        v = (v | (v << 4)) & 0x0f0f0f0f0f0f0f0fUL;
        v = (v | (v << 2)) & 0x3333333333333333UL;
        return (v | (v << 1)) & 0x5555555555555555UL;
    }

    // Moves bit 2i to bit i; odd bits are dropped.
    private static uint Gather(ulong v)
    {
        v &= 0x5555555555555555UL;
        v = (v | (v >> 1)) & 0x3333333333333333UL;
        v = (v | (v >> 2)) & 0x0f0f0f0f0f0f0f0fUL;
        v = (v | (v >> 4)) & 0x00ff00ff00ff00ffUL;
        v = (v | (v >> 8)) & 0x0000ffff0000ffffUL;
        return (uint)(v | (v >> 16));
    }
}
