namespace Microcosm.Redis;

/// <summary>Distances on a sphere, by the haversine formula, in metres.</summary>
internal static class GeoDistance
{
    /// <summary>The quadratic mean radius of WGS 84 that Redis uses.</summary>
    public const double EarthRadiusMetres = 6372797.560856;

    private const double DegreeRadians = Math.PI / 180;

    public static double Radians(double degrees) => degrees * DegreeRadians;

    public static double Degrees(double radians) => radians / DegreeRadians;

    /// <summary>Between two latitudes on one meridian.</summary>
    public static double AlongMeridian(double latitude1, double latitude2) =>
        EarthRadiusMetres * Math.Abs(Radians(latitude2) - Radians(latitude1));

    public static double Between(double longitude1, double latitude1, double longitude2, double latitude2)
    {
        var v = Math.Sin((Radians(longitude2) - Radians(longitude1)) / 2);
        if (v == 0)
            return AlongMeridian(latitude1, latitude2);
        var north1 = Radians(latitude1);
        var north2 = Radians(latitude2);
        var u = Math.Sin((north2 - north1) / 2);
        return 2 * EarthRadiusMetres * Math.Asin(Math.Sqrt(u * u + Math.Cos(north1) * Math.Cos(north2) * v * v));
    }
}
