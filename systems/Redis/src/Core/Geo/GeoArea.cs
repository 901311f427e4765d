namespace Microcosm.Redis;

/// <summary>A rectangle of longitudes and latitudes, degrees.</summary>
internal readonly record struct GeoArea(double West, double South, double East, double North);
