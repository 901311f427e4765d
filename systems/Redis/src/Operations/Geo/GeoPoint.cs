namespace Microcosm.Redis;

/// <summary>A member that a search has found.</summary>
/// <param name="Member">Its name.</param>
/// <param name="Score">Its position as a score.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="Latitude">Degrees.</param>
/// <param name="Distance">From the centre, metres.</param>
internal sealed record GeoPoint(byte[] Member, double Score, double Longitude, double Latitude, double Distance);
