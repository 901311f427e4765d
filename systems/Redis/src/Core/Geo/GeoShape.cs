namespace Microcosm.Redis;

/// <summary>What a search looks in: a circle or a rectangle around a point.</summary>
/// <param name="Longitude">Of the centre, degrees.</param>
/// <param name="Latitude">Of the centre, degrees.</param>
/// <param name="Width">East to west, metres; of a circle the radius.</param>
/// <param name="Height">North to south, metres; of a circle the radius.</param>
/// <param name="IsCircle">Otherwise a rectangle.</param>
internal readonly record struct GeoShape(double Longitude, double Latitude, double Width, double Height, bool IsCircle)
{
    private const double MercatorMetresMax = 20037726.37;

    /// <summary>The distance from the centre, in metres; false when the point is outside.</summary>
    public bool TryDistance(double longitude, double latitude, out double distance)
    {
        distance = 0;
        if (!IsCircle && GeoDistance.AlongMeridian(latitude, Latitude) > Height / 2)
            return false;
        if (!IsCircle && GeoDistance.Between(longitude, latitude, Longitude, latitude) > Width / 2)
            return false;
        distance = GeoDistance.Between(Longitude, Latitude, longitude, latitude);
        return !IsCircle || distance <= Width;
    }

    /// <summary>
    /// Cells that together cover the shape: the one around its centre and those of its neighbours that the shape may reach.
    /// </summary>
    public List<GeoCell> Cover()
    {
        var bounds = Bounds();
        var reach = IsCircle ? Width : Math.Sqrt(Width / 2 * (Width / 2) + Height / 2 * (Height / 2));
        var step = StepFor(reach);
        var center = GeoCell.At(Longitude, Latitude, step);
        if (step > 1 && !NeighborsReach(center, bounds))
            center = GeoCell.At(Longitude, Latitude, --step);
        var area = center.Area();
        // With very large cells the bounds say little.
        var (south, north) = step < 2 ? (true, true) : (area.South >= bounds.South, area.North <= bounds.North);
        var (west, east) = step < 2 ? (true, true) : (area.West >= bounds.West, area.East <= bounds.East);
        var cover = new List<GeoCell> { center };
        ReadOnlySpan<(int East, int North, bool Wanted)> neighbors =
        [
            (0, 1, north), (0, -1, south), (1, 0, east), (-1, 0, west),
            (1, 1, north && east), (-1, 1, north && west), (1, -1, south && east), (-1, -1, south && west),
        ];
        foreach (var (dx, dy, wanted) in neighbors)
        {
            var cell = center.Neighbor(dx, dy);
            // On a grid of two by two, neighbours on both sides are the same.
            if (wanted && cell != cover[^1])
                cover.Add(cell);
        }
        return cover;
    }

    private static bool NeighborsReach(GeoCell center, GeoArea bounds) =>
        center.Neighbor(0, 1).Area().North >= bounds.North && center.Neighbor(0, -1).Area().South <= bounds.South
        && center.Neighbor(1, 0).Area().East >= bounds.East && center.Neighbor(-1, 0).Area().West <= bounds.West;

    // Arcs of one length span more degrees towards the poles, so the side that is nearer to a pole decides.
    private GeoArea Bounds()
    {
        var (halfWidth, halfHeight) = IsCircle ? (Width, Height) : (Width / 2, Height / 2);
        var north = GeoDistance.Degrees(halfHeight / GeoDistance.EarthRadiusMetres);
        var polar = Latitude < 0 ? Latitude - north : Latitude + north;
        var east = GeoDistance.Degrees(halfWidth / GeoDistance.EarthRadiusMetres / Math.Cos(GeoDistance.Radians(polar)));
        return new GeoArea(Longitude - east, Latitude - north, Longitude + east, Latitude + north);
    }

    // The finest grid of which three by three cells hold the reach; coarser towards the poles, where cells are narrow.
    private int StepFor(double reachMetres)
    {
        if (reachMetres == 0)
            return GeoCell.StepMax;
        var step = 1;
        for (; reachMetres < MercatorMetresMax; reachMetres *= 2)
            step++;
        step -= 2;
        if (Math.Abs(Latitude) > 66)
            step--;
        if (Math.Abs(Latitude) > 80)
            step--;
        return Math.Clamp(step, 1, GeoCell.StepMax);
    }
}
